//! Runs a model in the ONNX format on inputs from files, for the comparison with another runtime
//! (`tests/models/compare.py`).
//!
//! ```text
//! cargo run --release --features onnx --example model_runs -- MODEL INPUT CHANNELS,HEIGHT,WIDTH OUTPUT[,OUTPUT...]
//! ```
//!
//! Each line of the standard input is a file of 32-bit floats in little-endian order. The outputs, one after the other, go
//! into that file with `.out` added; a line with the microseconds that it took is printed.

use std::{
    env,
    error::Error,
    fs,
    io::{self, BufRead, Write},
    num::NonZeroU8,
    process::ExitCode,
    time::Instant,
};

use ring::digest::{SHA256, digest};
use uketsuke::face::onnx::{Network, Threads};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [model, input, shape, outputs] = &arguments[..] else {
        eprintln!("usage: model_runs MODEL INPUT CHANNELS,HEIGHT,WIDTH OUTPUT[,OUTPUT...]");
        return ExitCode::from(64);
    };
    match run(model, input, shape, outputs) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(model: &str, input: &str, shape: &str, outputs: &str) -> Result<(), Box<dyn Error>> {
    let model = fs::read(model)?;
    let sha256: [u8; 32] = digest(&SHA256, &model).as_ref().try_into()?;
    let outputs: Vec<&str> = outputs.split(',').collect();
    let sides = shape
        .split(',')
        .map(str::parse)
        .collect::<Result<Vec<usize>, _>>()?;
    let [channels, height, width] = sides[..] else {
        return Err("the shape is CHANNELS,HEIGHT,WIDTH".into());
    };
    let threads = Threads::new(NonZeroU8::MIN);
    let network = Network::load(model, &sha256, input, &outputs, threads)?;
    for file in io::stdin().lock().lines() {
        let file = file?;
        let values: Vec<f32> = fs::read(&file)?
            .chunks_exact(4)
            .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
            .collect();
        let begun = Instant::now();
        let found = network.run([1, channels, height, width], &values)?;
        let took = begun.elapsed();
        let bytes: Vec<u8> = found
            .iter()
            .flat_map(|output| output.values())
            .flat_map(|value| value.to_le_bytes())
            .collect();
        fs::write(format!("{file}.out"), bytes)?;
        println!("{}", took.as_micros());
        io::stdout().flush()?;
    }
    Ok(())
}
