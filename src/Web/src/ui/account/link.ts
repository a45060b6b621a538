import { useState } from "preact/hooks";
import { Problem } from "../../problem";

/** The link that led here. One that is unknown, used or expired is no fault of the form: the page says so and offers a new one. */
export function useLink() {
  const [spent, setSpent] = useState<string | null>(null);
  const use = async (act: () => Promise<void>) => {
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem && error.is("link-unknown"))) throw error;
      setSpent(error.message);
    }
  };
  return { spent, use };
}
