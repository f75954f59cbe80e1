/** What stands there until something has come. */

import { Center, Loader } from "@mantine/core";

export function Loading({ what }: { readonly what: string }) {
  return (
    <Center flex={1} p="lg">
      <Loader size="sm" role="status" aria-label={`Loading ${what}`} />
    </Center>
  );
}
