//! `air avm`.

use expect_test::expect;

use crate::sandbox::Sandbox;

#[test]
fn the_module_is_written() {
    let sandbox = Sandbox::new(&[("old.wasm", "old")]);
    for file in ["new.wasm", "old.wasm"] {
        let run = sandbox.air(&format!("avm -o {file}"));
        assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (0, "", ""));
        let module = std::fs::read(sandbox.path(file)).unwrap();
        assert!(module.starts_with(b"\0asm") && module.len() > 500_000, "{} bytes", module.len());
    }
    sandbox.air("avm --output no/such/folder.wasm").expect(expect![[r#"
        exit 2
        ── err
        error: no/such/folder.wasm: cannot be written: there is no such folder
    "#]]);
}

#[test]
fn versions() {
    let run = Sandbox::new(&[]).air("avm --info");
    let (versions, size) = run.out.rsplit_once("size").unwrap();
    expect![[r#"
        interpreter 0.64.1
        data format 0.17.2
        oldest data 0.61.0
        marine sdk  0.14.0
        interface   0.27.0
        air         0.1.0
    "#]]
    .assert_eq(versions);
    assert!(size.ends_with(" bytes\n"), "{size}");
}
