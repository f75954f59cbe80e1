/** Keeps a mistake of ours within the part of the page where it happened. */

import { Button, Code, Stack, Text } from "@mantine/core";
import { Component, type ReactNode } from "react";

interface Props {
  /** "The list of packets" */
  readonly what: string;
  readonly children: ReactNode;
}

export class ErrorBoundary extends Component<Props, { error: Error | undefined }> {
  override state: { error: Error | undefined } = { error: undefined };

  static getDerivedStateFromError(error: Error): { error: Error } {
    return { error };
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === undefined) return this.props.children;
    return (
      <Stack role="alert" p="md" gap="xs" align="flex-start">
        <Text fw={600}>{this.props.what} could not be shown.</Text>
        <Text size="sm">This is a defect of the console; the network goes on. What it says:</Text>
        <Code block>{error.message}</Code>
        <Button variant="default" onClick={() => this.setState({ error: undefined })}>
          Try again
        </Button>
      </Stack>
    );
  }
}
