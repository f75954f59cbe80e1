/** Whether what was typed can be an address, before the engine is asked. Pure. */

export function isAddress(text: string): boolean {
  return isIpv4(text) || isIpv6(text);
}

/** What is wrong with "10.1.0.10/24", undefined when nothing is. */
export function prefixProblem(text: string): string | undefined {
  const [address, length, ...more] = text.split("/");
  if (more.length > 0 || !isAddress(address))
    return `"${text}" is no address with a prefix length, like 10.1.0.10/24`;
  const max = isIpv4(address) ? 32 : 128;
  if (length === undefined) return `The prefix length is missing: ${address}/${max === 32 ? 24 : 64}`;
  if (!/^\d{1,3}$/.test(length) || Number(length) < 1 || Number(length) > max)
    return `A prefix length is 1 to ${max}`;
  return undefined;
}

export function addressProblem(text: string): string | undefined {
  return isAddress(text) ? undefined : `"${text}" is no IP address`;
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  return text.includes(":") && /^[0-9A-Fa-f:.]+$/.test(text) && URL.canParse(`http://[${text}]/`);
}
