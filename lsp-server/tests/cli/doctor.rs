//! `air doctor`.

use crate::sandbox::{Run, Sandbox, program};

#[test]
fn what_is_found_and_what_needs_attention() {
    let sandbox = Sandbox::new(&[("air.toml", "[format]\nindent-width = 3\n")]);
    let run = |path: std::ffi::OsString, args: &[&str]| {
        let mut command = sandbox.command(args);
        command.env("PATH", path);
        Run::of(command)
    };
    let bin = program().parent().unwrap();
    // Both programs are there and nothing shadows them.
    let well = run(bin.into(), &["doctor"]);
    assert_eq!(well.code, 0, "{well:?}");
    assert!(
        well.out.contains(&sandbox.path("air.toml").canonicalize().unwrap().display().to_string()),
        "{well:?}"
    );
    assert!(well.out.ends_with("no problems found\n"));

    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        sandbox.write("other/air", "#!/bin/sh\n");
        std::fs::set_permissions(sandbox.path("other/air"), std::fs::Permissions::from_mode(0o755)).unwrap();
        sandbox.write("air.toml", "[fromat]\n");
        let path = std::env::join_paths([sandbox.path("other"), bin.to_owned()]).unwrap();
        let ill = run(path, &["doctor", "--json"]);
        assert_eq!(ill.code, 1);
        let problems = ill.json()["problems"].to_string();
        assert!(
            problems.contains("is another program") && problems.contains("unknown section `fromat`"),
            "{problems}"
        );
    }
}

#[test]
fn the_promised_fields() {
    let sandbox = Sandbox::new(&[]);
    let report = sandbox.air("doctor --json --isolated").json();
    for field in ["version", "system", "processors", "program", "sandbox", "editors", "terminal", "problems"]
    {
        assert!(report.get(field).is_some(), "{field}: {report}");
    }
    assert!(report["sandbox"].as_str().unwrap().starts_with("works: machine code of "), "{report}");
    assert_eq!(report["config"], serde_json::Value::Null);
}

#[test]
fn usage() {
    assert_eq!(Sandbox::new(&[]).air("doctor --no-such").code, 2);
}
