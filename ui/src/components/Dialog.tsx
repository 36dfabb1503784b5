import type { ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";

import { Button } from "./Button";
import styles from "./controls.module.css";

interface Props {
  title: string;
  isOpen: boolean;
  onClose: () => void;
  wide?: boolean;
  /** It closes only by what is in it. */
  keep?: boolean;
  children: ReactNode;
}

export function Dialog({ title, isOpen, onClose, wide, keep, children }: Props) {
  return (
    <ModalOverlay
      className={styles.backdrop ?? ""}
      isOpen={isOpen}
      isDismissable={!keep}
      isKeyboardDismissDisabled={keep ?? false}
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className={`${styles.modal} ${wide ? styles.wide : ""}`}>
        <AriaDialog className={styles.dialog ?? ""}>
          <Heading slot="title" level={2}>
            {title}
          </Heading>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface FormProps extends Props {
  action: string;
  danger?: boolean;
  disabled?: boolean;
  onSubmit: () => void;
}

/** A dialog that asks for something, or whether something should be done. */
export function FormDialog({ action, danger, disabled, onSubmit, children, ...props }: FormProps) {
  return (
    <Dialog {...props}>
      <form
        className={styles.dialog}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit();
          props.onClose();
        }}
      >
        {children}
        <div className={styles.actions}>
          <Button onPress={props.onClose}>Cancel</Button>
          <Button type="submit" look={danger ? "danger" : "primary"} isDisabled={disabled ?? false} autoFocus={danger ?? false}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
