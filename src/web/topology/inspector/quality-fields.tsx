/** The fields of a link's quality: each checked as it is typed, and applied when it is left, or by Enter. */

import { SimpleGrid, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { LinkView } from "../../../engine/protocol/index.ts";
import { useAct } from "../../app/act.ts";
import {
  meantValue,
  problemOf,
  QUALITY_FIELDS,
  type QualityField,
  shownValue,
  typedNumber,
} from "./quality.ts";

interface Props {
  readonly link: LinkView;
  readonly direction: "both" | "forth" | "back";
}

export function QualityFields({ link, direction }: Props) {
  return (
    <SimpleGrid cols={2} spacing={8} verticalSpacing={6}>
      {QUALITY_FIELDS.map((field) => (
        <Field key={field.name} field={field} link={link} direction={direction} />
      ))}
    </SimpleGrid>
  );
}

function Field({ field, link, direction }: Props & { readonly field: QualityField }) {
  const act = useAct();
  const known = shownValue(link, direction, field);
  const saved = known === undefined ? "" : String(known);
  const [text, setText] = useState(saved);
  useEffect(() => setText(saved), [saved]);
  const problem = text === saved ? undefined : problemOf(text, field);
  const apply = (): void => {
    const typed = typedNumber(text);
    if (typed === undefined || problem !== undefined) return;
    const value = meantValue(typed, field);
    if (value !== undefined && typed !== known)
      act("link.change", { link: link.name, direction, quality: { [field.name]: value } });
  };
  return (
    <TextInput
      label={`${field.label} (${field.unit})`}
      placeholder={known === undefined ? "differs" : ""}
      inputMode="decimal"
      autoComplete="off"
      value={text}
      error={problem}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={apply}
      onKeyDown={(event) => event.key === "Enter" && apply()}
    />
  );
}
