//! The vpcd client against a server of the test's own on loopback, which cuts its messages into pieces.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;
use uketsuke::simulation::{CardOptions, Persona, VirtualCard, Vpcd, VpcdError, VpcdStep};

fn card() -> VirtualCard {
    let now = "2026-11-24T01:00:00Z".parse().unwrap();
    VirtualCard::new(
        Persona::named("in-order").unwrap(),
        CardOptions::default(),
        now,
    )
}

/// A client, and the reader's end of its connection.
fn pair() -> (Vpcd, TcpStream) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let client = Vpcd::connect("127.0.0.1", port).unwrap();
    let (server, _) = listener.accept().unwrap();
    server.set_nodelay(true).unwrap();
    (client, server)
}

fn send(server: &mut TcpStream, body: &[u8], in_pieces: bool) {
    let mut message = u16::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    message.extend(body);
    if in_pieces {
        for byte in message {
            server.write_all(&[byte]).unwrap();
        }
    } else {
        server.write_all(&message).unwrap();
    }
}

fn receive(server: &mut TcpStream) -> Vec<u8> {
    let mut length = [0; 2];
    server.read_exact(&mut length).unwrap();
    let mut body = vec![0; usize::from(u16::from_be_bytes(length))];
    server.read_exact(&mut body).unwrap();
    body
}

#[test]
fn commands_are_answered_one_by_one_and_controls_are_not() {
    for in_pieces in [false, true] {
        let (mut client, mut server) = pair();
        let serving = thread::spawn(move || {
            let mut card = card();
            let result = client.serve(&mut card);
            (result.is_ok(), card)
        });
        send(&mut server, &[1], in_pieces);
        send(&mut server, &[4], in_pieces);
        assert_eq!(receive(&mut server), card().atr());
        let select = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
        let pin = b"\x00\x20\x00\x98\x041234";
        let sign = b"\x80\x2A\x00\x97\x03abc\x00";
        for (command, expected) in [
            (&select[..], 0x9000u16),
            (pin, 0x9000),
            (b"\x00\xB0\x8A\x00\x00\x00\x00", 0x9000),
        ] {
            send(&mut server, command, in_pieces);
            assert!(receive(&mut server).ends_with(&expected.to_be_bytes()));
        }
        // A look at the ATR changes nothing.
        send(&mut server, &[4], in_pieces);
        assert_eq!(receive(&mut server), card().atr());
        send(&mut server, sign, in_pieces);
        assert_eq!(receive(&mut server).len(), 258);
        // Neither reset nor a control byte of the future is answered: the next thing read is the command's answer.
        for (control, expected) in [(2, 0x9000u16), (9, 0x9000), (0, 0x6982)] {
            send(&mut server, &[control], in_pieces);
            send(&mut server, select, in_pieces);
            assert_eq!(receive(&mut server), [0x90, 0x00]);
            send(&mut server, sign, in_pieces);
            assert!(
                receive(&mut server).ends_with(&expected.to_be_bytes()),
                "after control {control}"
            );
        }
        // An empty message is a command that isn't one.
        send(&mut server, &[], in_pieces);
        assert_eq!(receive(&mut server), [0x67, 0x00]);
        server.shutdown(Shutdown::Both).unwrap();
        let (ok, card) = serving.join().unwrap();
        assert!(ok);
        assert_eq!(card.transmissions(), 11);
    }
}

#[test]
fn steps_tell_what_was_done_and_when_the_reader_closed() {
    let (mut client, mut server) = pair();
    let mut card = card();
    for (message, step) in [
        (&[1][..], VpcdStep::PoweredOn),
        (&[4], VpcdStep::AskedForAtr),
        (&[2], VpcdStep::Reset),
        (&[3], VpcdStep::Ignored),
        (&[0x00, 0x84, 0x00, 0x00, 0x08], VpcdStep::Answered),
        (&[0], VpcdStep::PoweredOff),
    ] {
        send(&mut server, message, false);
        assert_eq!(client.serve_one(&mut card).unwrap(), step);
    }
    // Everything sent is taken first, so that closing isn't a reset.
    assert_eq!(receive(&mut server), card.atr());
    assert_eq!(receive(&mut server).len(), 10);
    drop(server);
    assert_eq!(client.serve_one(&mut card).unwrap(), VpcdStep::Closed);
}

#[test]
fn a_message_cut_in_the_middle_is_an_error() {
    for sent in [&[0][..], &[0, 5], &[0, 5, 0x00, 0xA4]] {
        let (mut client, mut server) = pair();
        server.write_all(sent).unwrap();
        drop(server);
        assert!(
            matches!(client.serve(&mut card()), Err(VpcdError::Cut)),
            "{sent:02X?}"
        );
    }
}

#[test]
fn nobody_listening_is_an_error() {
    let port = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    assert!(matches!(
        Vpcd::connect("127.0.0.1", port),
        Err(VpcdError::Io(_))
    ));
}
