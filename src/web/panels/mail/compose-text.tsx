/** The text of a letter, with what mail programs everywhere can show. */

import { Link, RichTextEditor } from "@mantine/tiptap";
import "@mantine/tiptap/styles.css";
import type { Editor } from "@tiptap/react";
import StarterKit from "@tiptap/starter-kit";
import classes from "./mail.module.css";

/** Links are the page's own extension, for its form to edit them. */
export const letterExtensions = [
  StarterKit.configure({ link: false, heading: { levels: [2, 3] } }),
  Link.configure({ openOnClick: false }),
];

export function ComposeText({ editor }: { readonly editor: Editor | null }) {
  return (
    <RichTextEditor editor={editor} className={classes.editor} labels={LABELS} attributes={ATTRIBUTES}>
      <RichTextEditor.Toolbar className={classes.editorBar}>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Bold />
          <RichTextEditor.Italic />
          <RichTextEditor.Underline />
          <RichTextEditor.Strikethrough />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.H2 />
          <RichTextEditor.BulletList />
          <RichTextEditor.OrderedList />
          <RichTextEditor.Blockquote />
          <RichTextEditor.Code />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Link />
          <RichTextEditor.Unlink />
        </RichTextEditor.ControlsGroup>
        <RichTextEditor.ControlsGroup>
          <RichTextEditor.Undo />
          <RichTextEditor.Redo />
        </RichTextEditor.ControlsGroup>
      </RichTextEditor.Toolbar>
      <RichTextEditor.Content className={classes.editorText} />
    </RichTextEditor>
  );
}

const LABELS = { linkEditorInputPlaceholder: "http://www.crepes.fr/" };
/** Its makers give this button a tooltip only. */
const ATTRIBUTES = { linkEditorExternalControl: { "aria-label": "Open the link in a new tab" } };
