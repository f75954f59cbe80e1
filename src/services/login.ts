/** Who may log in to a host's mailboxes, by POP3 or by web mail: one rule for both. */

import type { HostUser } from "./service.ts";

/** The user of that name and password; the name may carry one of the domains: "bob@hamburger.edu" is bob. */
export function findUser(
  users: readonly HostUser[],
  domains: readonly string[],
  login: string,
  password: string,
): HostUser | undefined {
  const name = withoutDomain(login, domains).toLowerCase();
  const user = users.find((other) => other.name.toLowerCase() === name);
  // Compared also for nobody: how long it takes must not tell who has an account.
  const isRight = equalInConstantTime(password, user?.password ?? "");
  return isRight ? user : undefined;
}

/** How long it takes must not tell how much of a secret was right. */
export function equalInConstantTime(given: string, right: string): boolean {
  let difference = given.length ^ right.length;
  for (let i = 0; i < given.length; i++)
    difference |= given.charCodeAt(i) ^ right.charCodeAt(i % (right.length || 1));
  return difference === 0;
}

function withoutDomain(login: string, domains: readonly string[]): string {
  const at = login.lastIndexOf("@");
  const domain = login.slice(at + 1).toLowerCase();
  const isOwn = domains.some((other) => other.toLowerCase() === domain);
  return at > 0 && isOwn ? login.slice(0, at) : login;
}
