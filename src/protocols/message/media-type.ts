/** What is in a file, by the end of its name: media types of IANA's registry, for attachments and web pages. */

/** "image/png" for "cat.png"; "application/octet-stream" for what is not known. */
export function mediaTypeOf(fileName: string): string {
  const dot = fileName.lastIndexOf(".");
  const extension = dot < 1 ? "" : fileName.slice(dot + 1).toLowerCase();
  return MEDIA_TYPES.get(extension) ?? "application/octet-stream";
}

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ["css", "text/css"],
  ["csv", "text/csv"],
  ["eml", "message/rfc822"],
  ["gif", "image/gif"],
  ["gz", "application/gzip"],
  ["htm", "text/html"],
  ["html", "text/html"],
  ["ics", "text/calendar"],
  ["jpeg", "image/jpeg"],
  ["jpg", "image/jpeg"],
  ["js", "text/javascript"],
  ["json", "application/json"],
  ["md", "text/markdown"],
  ["mp3", "audio/mpeg"],
  ["mp4", "video/mp4"],
  ["pdf", "application/pdf"],
  ["png", "image/png"],
  ["svg", "image/svg+xml"],
  ["txt", "text/plain"],
  ["wav", "audio/vnd.wave"],
  ["webp", "image/webp"],
  ["xml", "application/xml"],
  ["zip", "application/zip"],
]);
