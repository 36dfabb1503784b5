import { createLink, type LinkComponent } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";

import styles from "./page.module.css";

interface Props {
  /** Where one comes from: a `Crumb`. */
  crumb?: ReactNode;
  title: string;
  /** Next to the title. */
  state?: ReactNode;
  /** At the end of the line. */
  children?: ReactNode;
}

/** The first line of a page. */
export function PageHead({ crumb, title, state, children }: Props) {
  return (
    <div className={styles.head}>
      {crumb && (
        <>
          {crumb}
          <span aria-hidden className="quiet">
            /
          </span>
        </>
      )}
      <h1 dir="auto">{title}</h1>
      {state}
      <span className={styles.grow} />
      {children}
    </div>
  );
}

export const Crumb = createLink((props: ComponentProps<"a">) => <a {...props} className={styles.crumb} dir="auto" />);

/** The parts of what a page is about, each a page below it. */
export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav className={styles.tabs} aria-label={label}>
      {children}
    </nav>
  );
}

const TabAnchor = (props: ComponentProps<"a">) => <a {...props} className={styles.tab} />;
const TabLink = createLink(TabAnchor);

export const Tab: LinkComponent<typeof TabAnchor> = (props) => (
  <TabLink activeOptions={{ exact: true, includeSearch: false }} {...props} />
);
