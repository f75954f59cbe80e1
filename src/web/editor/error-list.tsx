/** What is wrong with the file, line by line; a click goes there. */

import { UnstyledButton } from "@mantine/core";
import type { FileError } from "../../engine/protocol/index.ts";
import classes from "./editor.module.css";

interface Props {
  readonly errors: readonly FileError[];
  readonly onChoose: (error: FileError) => void;
}

export function ErrorList({ errors, onChoose }: Props) {
  if (errors.length === 0) return null;
  return (
    <section className={classes.errors} aria-label={`${errors.length} mistakes`}>
      {errors.slice(0, MAX_SHOWN).map((error) => (
        <UnstyledButton
          key={`${error.line} ${error.column} ${error.message}`}
          className={classes.error}
          onClick={() => onChoose(error)}
        >
          <span className="mono">
            {error.line}:{error.column}
          </span>
          <span>{error.message}</span>
        </UnstyledButton>
      ))}
    </section>
  );
}

/** The first ones cause the others. */
const MAX_SHOWN = 50;
