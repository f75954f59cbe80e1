/** A lesson beside the network: steps that tick themselves off. */

export interface LessonView {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly network: string;
  /** Markdown before the first step. */
  readonly introduction: string;
  readonly steps: readonly LessonStepView[];
}

export interface LessonStepView {
  readonly title: string;
  /** Markdown, without its expectations. */
  readonly text: string;
  readonly done: boolean;
  readonly expectations: readonly {
    readonly description: string;
    readonly passed: boolean;
    /** What was found instead. */
    readonly found: string;
  }[];
}
