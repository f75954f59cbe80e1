/** What the mail client and its panel say to each other. Types only: the page knows no more of the engine than this. */

/** What a folder is for; folders that a person has made are for what he says. */
export type FolderRole = "inbox" | "sent" | "drafts" | "trash";

export type IncomingProtocol = "POP3" | "IMAP";

/** The fields of the configuration form. */
export interface AccountForm {
  readonly name: string;
  readonly address: string;
  /** HOST or HOST:PORT */
  readonly incomingServer: string;
  readonly incomingProtocol: IncomingProtocol;
  readonly outgoingServer: string;
  readonly userName: string;
  readonly password: string;
}

/** Where a problem belongs: a field of the account, a field of the letter, or none. */
export type ProblemField = keyof AccountForm | "to" | "cc" | "bcc" | "subject" | "attachments" | "account";

export interface FieldProblem {
  readonly field: ProblemField | undefined;
  /** One or two sentences for the person. */
  readonly message: string;
}

export interface MailView {
  readonly account: AccountForm | undefined;
  /**
   * Whether folders and messages are the server's (IMAP): what is not here yet is fetched when it is asked for, and folders
   * can be made, renamed and removed. Else they are this client's own (POP3).
   */
  readonly isRemote: boolean;
  /** POP3: whether received messages stay on the server. */
  readonly leaveOnServer: boolean;
  /** The inbox is the first. */
  readonly folders: readonly FolderView[];
  /** Another number when the messages of a folder are others: ask for the list again. */
  readonly revision: number;
  readonly activity: MailActivity | undefined;
  /** What went wrong with the account the last time; none once it works. */
  readonly problems: readonly FieldProblem[];
}

export interface FolderView {
  /** Names it to the engine: "inbox", "Recipes/Sauces". */
  readonly folder: string;
  /** "Sauces" */
  readonly name: string;
  readonly role: FolderRole | undefined;
  /** How many folders it stands in. */
  readonly depth: number;
  readonly total: number;
  readonly unread: number;
}

/** What the client is busy with. */
export interface MailActivity {
  readonly kind: "receive" | "send" | "check" | "open" | "change";
  /** "retrieving message 2 of 5" */
  readonly text: string;
  /** 0 to 1; undefined: nobody knows. */
  readonly progress: number | undefined;
}

/** A line of a folder. */
export interface MessageRow {
  readonly id: number;
  readonly folder: string;
  /** Of that folder. */
  readonly role: FolderRole | undefined;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  /** As the sender says; undefined when he does not. */
  readonly dateMs: number | undefined;
  readonly preview: string;
  readonly octets: number;
  readonly attachments: number;
  readonly unread: boolean;
  readonly answered: boolean;
  readonly forwarded: boolean;
  /** Whether its text is here; else it must be opened first. */
  readonly isHere: boolean;
}

export interface MessageList {
  /** Whether it is known what is in the folder: a server has to say it first. */
  readonly isKnown: boolean;
  readonly total: number;
  readonly rows: readonly MessageRow[];
}

/** Where a search looks. */
export type SearchField = "text" | "from" | "subject";

export interface MessageView extends MessageRow {
  readonly cc: string;
  readonly bcc: string;
  readonly replyTo: string;
  readonly date: string;
  readonly text: string | undefined;
  /** As it came: never to be shown unsanitised. */
  readonly html: string | undefined;
  readonly files: readonly AttachmentView[];
  readonly sourceIsHere: boolean;
}

export interface AttachmentView {
  readonly index: number;
  readonly name: string;
  readonly type: string;
  /** About, while it is not here. */
  readonly octets: number;
  readonly contentId: string | undefined;
  /** Whether it is here; else it must be fetched first. */
  readonly isHere: boolean;
}

/** A letter as it is written. Addresses as a person types them: `alice@crepes.fr, "Bob" <bob@hamburger.edu>`. */
export interface Letter {
  readonly to: string;
  readonly cc: string;
  readonly bcc: string;
  readonly subject: string;
  readonly text: string;
  readonly html?: string | undefined;
  readonly attachments: readonly LetterAttachment[];
  /** The message that it answers or forwards. */
  readonly answers?: number | undefined;
  readonly forwards?: number | undefined;
  /** The draft that it was: it goes when the letter is sent or kept again. */
  readonly draft?: number | undefined;
}

/** A file as base64, or one of a message that the client has. */
export type LetterAttachment =
  | { readonly name: string; readonly type: string; readonly content: string }
  | { readonly message: number; readonly index: number };

/** What `account.save` and `account.check` answer: none when all is well. */
export interface AccountResult {
  readonly problems: readonly FieldProblem[];
}

/** What whatever is done with folders and messages answers: none when all is well. */
export interface WorkResult {
  readonly problems: readonly FieldProblem[];
}

export interface SearchResult extends WorkResult {
  readonly found: number;
}

export interface DraftResult extends WorkResult {
  /** Undefined when it could not be kept. */
  readonly id: number | undefined;
}

export interface ReceiveResult {
  readonly received: number;
  readonly problems: readonly FieldProblem[];
}

export interface SendResult {
  /** Whether a recipient's copy was taken by the server. */
  readonly sent: boolean;
  readonly recipients: readonly RecipientResult[];
  readonly problems: readonly FieldProblem[];
  /** Where the letter is kept that was not sent. */
  readonly draft: number | undefined;
}

export interface RecipientResult {
  readonly address: string;
  readonly outcome: "delivered" | "deferred" | "failed";
  /** What the server said. */
  readonly reply: string;
}
