//! Runs a model on the runtime of the feature `onnx`, for `onnx/compare.py`, which runs the same on onnxruntime.
//!
//! `onnx_runs MODEL INPUT SHAPE OUTPUT...`, with SHAPE as `1,3,112,112`. On each line of the standard input, which names
//! a file of 32-bit floats, it runs once and answers `NANOSECONDS FILE...` with a file for each output; at the end it
//! says its peak memory in KiB.

use std::io::{BufRead, Write};
use std::num::NonZeroU8;
use std::time::Instant;
use std::{env, error, fs, io};

use ring::digest::{SHA256, digest};
use uketsuke::face::onnx::{Network, Threads};

fn main() -> Result<(), Box<dyn error::Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [model, input, shape, outputs @ ..] = arguments.as_slice() else {
        return Err("onnx_runs MODEL INPUT SHAPE OUTPUT...".into());
    };
    let shape: Vec<usize> = shape.split(',').map(str::parse).collect::<Result<_, _>>()?;
    let shape: [usize; 4] = shape.try_into().map_err(|_| "SHAPE has four numbers")?;
    let model = fs::read(model)?;
    let sha256: [u8; 32] = digest(&SHA256, &model).as_ref().try_into()?;
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    let begun = Instant::now();
    let network = Network::load(
        model,
        &sha256,
        input,
        &outputs,
        Threads::new(NonZeroU8::MIN),
    )?;
    println!("{}", begun.elapsed().as_nanos());
    for line in io::stdin().lock().lines() {
        let name = line?;
        let values: Vec<f32> = fs::read(&name)?
            .as_chunks()
            .0
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect();
        let begun = Instant::now();
        let found = network.run(shape, &values)?;
        let took = begun.elapsed().as_nanos();
        print!("{took}");
        for (at, tensor) in found.iter().enumerate() {
            let out = format!("{name}.{at}");
            let bytes: Vec<u8> = tensor
                .values()
                .iter()
                .flat_map(|value| value.to_le_bytes())
                .collect();
            fs::write(&out, bytes)?;
            print!(" {out}");
        }
        println!();
        io::stdout().flush()?;
    }
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no peak")?;
    println!("{}", peak.trim().trim_end_matches(" kB"));
    Ok(())
}
