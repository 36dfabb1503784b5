import { useState } from "react";
import { Dialog, DialogTrigger, Popover } from "react-aria-components";

import { labelOf, rangeOf, RANGES, timesOf } from "../format/ranges";
import { Button } from "./Button";
import styles from "./controls.module.css";
import { Field } from "./Field";

/** For `datetime-local`, in the time zone of the browser. */
function local(instant: string | undefined): string {
  const at = instant ? new Date(instant) : new Date();
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function RangePicker({ range, onChange }: { range: string; onChange: (range: string) => void }) {
  const [open, setOpen] = useState(false);
  const times = timesOf(range);
  function choose(next: string) {
    setOpen(false);
    onChange(next);
  }
  return (
    <DialogTrigger isOpen={open} onOpenChange={setOpen}>
      <Button aria-label={`Time range: ${labelOf(range)}`}>
        {labelOf(range)} <span aria-hidden>▾</span>
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end">
        <Dialog className={styles.dialog ?? ""} aria-label="Time range">
          {RANGES.map((option) => (
            <Button
              key={option.value}
              look={option.value === range ? "on" : "plain"}
              onPress={() => choose(option.value)}
            >
              {option.label}
            </Button>
          ))}
          <form
            className={styles.dialog}
            onSubmit={(event) => {
              event.preventDefault();
              const data = new FormData(event.currentTarget);
              const [from, to] = ["from", "to"].map((name) => Date.parse(String(data.get(name))));
              if (from && to && from < to) choose(rangeOf(from, to));
            }}
          >
            <Field label="From" name="from" type="datetime-local" required defaultValue={local(times.from_time)} />
            <Field label="To" name="to" type="datetime-local" required defaultValue={local(times.to_time)} />
            <Button type="submit" look="primary">
              Show this time
            </Button>
          </form>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
