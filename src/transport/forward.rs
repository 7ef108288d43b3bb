//! A reference to a part, or a box around it, is that part.

use std::time::Duration;

use zeroize::Zeroizing;

use super::{Cancel, Limits, Outgoing, Presence, Reader, Reset, Transport, TransportError};

macro_rules! forward {
    ($($pointer:ty),+) => { $(
        impl<T: Transport + ?Sized> Transport for $pointer {
            fn transmit(
                &mut self,
                command: Outgoing<'_>,
            ) -> Result<Zeroizing<Vec<u8>>, TransportError> {
                (**self).transmit(command)
            }

            fn limits(&self) -> Limits {
                (**self).limits()
            }

            fn reset(&mut self, how: Reset) -> Result<(), TransportError> {
                (**self).reset(how)
            }

            fn is_shared(&self) -> bool {
                (**self).is_shared()
            }

            fn begin_burst(&mut self) -> Result<(), TransportError> {
                (**self).begin_burst()
            }

            fn end_burst(&mut self) {
                (**self).end_burst();
            }

            fn has_keypad(&self) -> bool {
                (**self).has_keypad()
            }

            fn verify_on_keypad(&mut self, p2: u8) -> Result<Zeroizing<Vec<u8>>, TransportError> {
                (**self).verify_on_keypad(p2)
            }
        }
    )+ };
}

forward!(&mut T, Box<T>);

macro_rules! forward_reader {
    ($($pointer:ty),+) => { $(
        impl<R: Reader + ?Sized> Reader for $pointer {
            type Transport = R::Transport;

            fn name(&self) -> &str {
                (**self).name()
            }

            fn presence(&mut self) -> Result<Presence, TransportError> {
                (**self).presence()
            }

            fn wait_for_change(
                &mut self,
                from: Presence,
                timeout: Duration,
            ) -> Result<Presence, TransportError> {
                (**self).wait_for_change(from, timeout)
            }

            fn connect(&mut self) -> Result<Self::Transport, TransportError> {
                (**self).connect()
            }

            fn canceller(&self) -> Box<dyn Cancel> {
                (**self).canceller()
            }
        }
    )+ };
}

forward_reader!(&mut R, Box<R>);
