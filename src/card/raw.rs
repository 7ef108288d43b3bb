//! A vendor's own commands to JPKI.

use zeroize::Zeroizing;

use super::{CardError, Jpki, Opened};
use crate::transport::{Outgoing, Transport};

impl<T: Transport> Opened<'_, T, Jpki> {
    /// Sends one command as it is, and gives the response with its status word:
    /// for a vendor's way to the authentication key after a face match or a
    /// staff check, which isn't public.
    ///
    /// Everything in both directions is secret to traces, and nothing is
    /// followed. The card counts as dirty from here on, even after
    /// [`close`](Self::close): another application may be selected now, or a
    /// logical channel open. So
    /// [`tries_left`](Self::tries_left) and [`verify_pin`](Self::verify_pin)
    /// refuse with [`CardError::Misuse`] until the application was opened again,
    /// after power-off; they could meet another application's secret of the
    /// same number. [`sign_authentication`](Self::sign_authentication) works:
    /// a signature of another key is found out when it's verified.
    ///
    /// What presents, changes or unlocks a secret, or could wrap such a command,
    /// isn't sent: a try is spent by [`verify_pin`](Self::verify_pin) alone.
    ///
    /// | not sent | which is |
    /// |---|---|
    /// | INS `20`, `21`, but for the 4 bytes of the empty VERIFY, which asks for the tries left | VERIFY |
    /// | INS `24`, `25` | CHANGE REFERENCE DATA |
    /// | INS `2C`, `2D` | RESET RETRY COUNTER |
    /// | INS `32`, `54` in proprietary classes (`80` set in CLA) | CHANGE KEY, UNLOCK KEY of JICSAP |
    /// | INS `C2`, `C3` | ENVELOPE |
    /// | CLA `FF` | the reader's own commands, some of which pass one on to the card |
    ///
    /// All else is sent, SELECT, MANAGE CHANNEL and command chaining (`10` set in
    /// CLA) included; a chained part of what isn't sent isn't sent either.
    ///
    /// # Errors
    ///
    /// [`CardError::Misuse`], with nothing sent, for fewer than four bytes and
    /// for what the table says. And the link's.
    pub fn raw(&mut self, command: &[u8]) -> Result<Zeroizing<Vec<u8>>, CardError> {
        if let Some(what) = refused_raw(command) {
            return Err(CardError::Misuse { what });
        }
        self.card.dirty = true;
        self.card.vendor = true;
        self.card.ledger.forget_counts();
        let what = "a vendor's command";
        let answer = self.card.ask_raw(what, Outgoing::raw(command))?;
        let mut response = Zeroizing::new(Vec::with_capacity(answer.data.len() + 2));
        response.extend_from_slice(&answer.data);
        response.extend_from_slice(&answer.status.get().to_be_bytes());
        Ok(response)
    }
}

/// Why a vendor's command isn't sent.
fn refused_raw(command: &[u8]) -> Option<&'static str> {
    let Some(&[cla, ins, _, _]) = command.first_chunk() else {
        return Some("a command has at least 4 bytes");
    };
    match ins {
        _ if cla == 0xFF => Some("a reader's command may pass on one with a secret"),
        // An empty part of a chain isn't the question for the tries left.
        0x20 | 0x21 if command.len() > 4 || cla & 0x10 != 0 => {
            Some("a secret is presented by verify_pin only")
        }
        // CHANGE REFERENCE DATA, RESET RETRY COUNTER.
        0x24 | 0x25 | 0x2C | 0x2D => Some("secrets are neither changed nor unlocked"),
        // JICSAP's CHANGE KEY and UNLOCK KEY.
        0x32 | 0x54 if cla & 0x80 != 0 => Some("secrets are neither changed nor unlocked"),
        0xC2 | 0xC3 => Some("a wrapped command may hold a secret"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn raw_sends_no_secret() {
        let sent = |command: &[u8]| refused_raw(command).is_none();
        assert!(sent(&[0x80, 0xFA, 0x53, 0x49, 0x01, 0x00]));
        assert!(sent(&[0x00, 0x20, 0x00, 0x98]));
        assert!(!sent(&[0x00, 0x20, 0x00, 0x98, 0x00]));
        for cla in 0..=0xFF {
            assert!(!sent(&[cla, 0x20, 0x00, 0x98, 0x01, 0x31]));
            assert!(!sent(&[cla, 0x24, 0x01, 0x98, 0x01, 0x31]));
            assert!(!sent(&[cla, 0xC2, 0x00, 0x00]));
        }
        assert!(!sent(&[0x80, 0x32, 0x00, 0x98]));
        assert!(!sent(&[0x90, 0x54, 0x00, 0x98]));
        assert!(sent(&[0x00, 0x32, 0x00, 0x98]));
        assert!(!sent(&[0x00, 0xA4, 0x04]));
        assert!(!sent(&[0xFF, 0x00, 0x00, 0x00]));
    }

    #[test]
    fn raw_sends_chains_but_none_of_what_is_not_sent_alone() {
        let sent = |command: &[u8]| refused_raw(command).is_none();
        for cla in [0x10, 0x90, 0x1C, 0x13] {
            assert!(sent(&[cla, 0x88, 0x00, 0x00, 0x01, 0xAA]));
            assert!(sent(&[cla, 0x2A, 0x00, 0xBE, 0x01, 0xAA]));
            assert!(!sent(&[cla, 0x20, 0x00, 0x98]));
            for ins in [0x20, 0x21, 0x24, 0x25, 0x2C, 0x2D, 0xC2, 0xC3] {
                assert!(!sent(&[cla, ins, 0x00, 0x98, 0x01, 0x31]), "{ins:02X}");
            }
        }
    }
}
