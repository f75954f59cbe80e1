/** Lessons: start at `parseLesson` and `LessonRun`. */
export * from "./lesson.ts";
export * from "./lesson-run.ts";
