/** Where a server's files are and where a client's file goes: in memory in the lab, folders on the disk (os/). */

/** The files that a server serves. */
export interface FileStore {
  /**
   * Opens the file at these parts of its name, which `parseFileName` has checked; undefined when there is no such
   * regular file below the root, or it may not be read. Must not follow links out of the root.
   */
  open(name: readonly string[]): OpenFile | undefined;
}

export interface OpenFile {
  readonly size: number;
  /** Another one for other contents, as well as the store can tell; 1 to 64 of A-Z a-z 0-9 . _ - */
  readonly version: string;
  /** The octets from there, fewer than `length` only where the file ends. */
  read(offset: number, length: number): Uint8Array;
  /** False once the file has been changed since it was opened. */
  isUnchanged(): boolean;
  close(): void;
}

/** Where a client puts what it fetches. */
export interface FileSink {
  write(bytes: Uint8Array): void;
  /** What was written is to be forgotten: the file is sent from its beginning again. */
  restart(): void;
}
