/** The fields of a link's quality: each applies when it is left, or by Enter. */

import { NumberInput, SimpleGrid } from "@mantine/core";
import { useEffect, useState } from "react";
import type { LinkView } from "../../../engine/protocol/index.ts";
import { useAct } from "../../app/act.ts";
import { meantValue, QUALITY_FIELDS, type QualityField, shownValue } from "./quality.ts";

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
  const [text, setText] = useState<number | string>(known ?? "");
  useEffect(() => setText(known ?? ""), [known]);
  const apply = (): void => {
    const value = typeof text === "number" ? meantValue(text, field) : undefined;
    if (value === undefined) setText(known ?? "");
    else if (text !== known)
      act("link.change", { link: link.name, direction, quality: { [field.name]: value } });
  };
  return (
    <NumberInput
      label={`${field.label} (${field.unit})`}
      placeholder={known === undefined ? "differs" : ""}
      min={field.minimum}
      max={field.maximum}
      decimalScale={field.decimals}
      hideControls
      value={text}
      onChange={setText}
      onBlur={apply}
      onKeyDown={(event) => event.key === "Enter" && apply()}
    />
  );
}
