/** What the general panel of services shows. Types only. */

export interface ServicesView {
  readonly services: readonly {
    readonly name: string;
    readonly title: string;
    readonly summary: string;
    readonly running: boolean;
    /** "listens on [::]:7", while it runs. */
    readonly description: string;
    /** As the network file has it: YAML. */
    readonly configuration: string;
  }[];
}
