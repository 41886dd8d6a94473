//! What we cost, in instructions and time, beside the reference; and whether our goals are met.
//!
//! `versus` prints, `versus --gate` also fails when a figure is over its goal. Instructions come from callgrind:
//! the difference between doing the work twice and once, so that starting, reading and leaving do not count.
//! They repeat to about 1 %. Times are CPU time (user and system) of this process, medians, the rivals taking
//! turns; they are for people, not for the gate.

mod bodies;
mod goals;
mod measure;

use std::path::Path;
use std::process::ExitCode;

use bodies::BODIES;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        // What the process runs of itself under callgrind, and to see its peak of memory.
        ["body", name, file, times] => bodies::run(name, Path::new(file), times),
        [] => report(false),
        ["--gate"] => report(true),
        _ => Err("usage: versus [--gate]".to_owned()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(message) => {
            eprintln!("versus: {message}");
            ExitCode::from(2)
        }
    }
}

fn report(gate: bool) -> Result<bool, String> {
    let folder = std::env::temp_dir().join(format!("air-versus-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let met = measure_all(&folder);
    // The measuring is done either way; a folder left over in the temporary one is no reason to fail.
    let _ = std::fs::remove_dir_all(&folder);
    Ok(met? || !gate)
}

fn measure_all(folder: &Path) -> Result<bool, String> {
    let mut texts = Vec::new();
    for bytes in [100_000, 1_000_000, 10_000_000] {
        let path = folder.join(format!("{bytes}.air"));
        let text = air_tests::synthetic::script(bytes, 1);
        std::fs::write(&path, &text).map_err(|error| format!("{}: {error}", path.display()))?;
        texts.push((path, text));
    }
    let [(small_path, small), (_, middle), (large_path, large)] = &texts[..] else {
        return Err("three sizes".to_owned());
    };
    println!(
        "\nCompiler-like scripts (`generate`): {} B, {} B, {} B",
        small.len(),
        middle.len(),
        large.len()
    );

    println!("\n{:<18} {:>9} {:>12} {:>12} {:>12}", "", "instr/B", "100 kB, ms", "1 MB, ms", "1 MB, MB/s");
    let small_times = measure::cpu_times(small, 21);
    let middle_times = measure::cpu_times(middle, 9);
    let mut figures = goals::Figures::default();
    for ((body, small_time), middle_time) in BODIES.iter().zip(&small_times).zip(&middle_times) {
        let instructions = measure::instructions(body.name, small_path)? / small.len() as f64;
        figures.instructions.insert(body.name, instructions);
        figures.milliseconds.insert(body.name, middle_time * 1e3);
        println!(
            "{:<18} {:>9.1} {:>12.2} {:>12.2} {:>12.0}",
            body.name,
            instructions,
            small_time * 1e3,
            middle_time * 1e3,
            middle.len() as f64 / middle_time / 1e6
        );
    }
    figures.format_growth = measure::format_growth(middle, large);
    figures.memory = measure::memory(large_path, large.len())?;
    Ok(goals::judge(&figures))
}
