package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.cli.terminal.ExitCodes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Behaviour that shows only in a process started by a shell. */
@Tag("R-43")
final class ShellTest {
  @TempDir private Path folder;
  @TempDir private Path outside;

  private record Ended(int code, String out) {}

  /** Runs a script, in which {@code holdfast} is a function. */
  private Ended shell(String script) throws IOException, InterruptedException {
    String holdfast = "holdfast() { %s \"$@\"; }; ".formatted(command());
    Path out = outside.resolve("out");
    Process process =
        new ProcessBuilder("sh", "-c", holdfast + script)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    return new Ended(process.waitFor(), Files.readString(out));
  }

  private String command() {
    return ChildJvm.shellCommand(folder.resolve("jobs.db"));
  }

  @Test
  void a_payload_can_come_through_a_pipe() throws Exception {
    Ended ended = shell("echo '{\"a\": 1}' | holdfast enqueue --type t --payload @-");

    assertThat(ended.code()).as(ended.out()).isZero();
    assertThat(new Cli(folder).run("list", "--json").json().get("payload").toString())
        .isEqualTo("{\"a\":1}");
  }

  @Test
  void an_export_on_a_full_disk_leaves_nothing_behind() throws Exception {
    Cli cli = new Cli(folder);
    for (int i = 0; i < 3; i++) {
      cli.run("enqueue", "--type", "t", "--payload", "\"" + "x".repeat(100_000) + "\"");
    }

    Ended ended = shell("ulimit -f 400; holdfast export out.jsonl"); // blocks of 512 bytes

    assertThat(ended.code()).as(ended.out()).isEqualTo(ExitCodes.IO);
    assertThat(files()).noneMatch(name -> name.startsWith("out.jsonl"));
  }

  /** Runs a script that sees the folder on a read-only file system. */
  private Ended onReadOnly(String script) throws Exception {
    String mount = "mount --bind . . && mount -o remount,bind,ro . && cd \"$PWD\" && ";
    String holdfast = "holdfast() { %s \"$@\"; }; ".formatted(command());
    Path file =
        Files.writeString(outside.resolve("script"), mount + "{ " + holdfast + script + "\n}");
    return shell("unshare --user --map-root-user --mount sh " + file);
  }

  @Test
  void a_queue_on_a_read_only_file_system_can_be_looked_at() throws Exception {
    assumeTrue(
        onReadOnly("true").code() == 0, "this user may not mount in a namespace of their own");
    Cli cli = new Cli(folder);
    String id = cli.run("enqueue", "--type", "t").line();

    Ended looked =
        onReadOnly(
            "holdfast list && holdfast show %1$s && holdfast explain %1$s && holdfast status && holdfast queues && holdfast export -"
                .formatted(id));
    Ended changed = onReadOnly("holdfast enqueue --type t");

    assertThat(looked.code()).as(looked.out()).isZero();
    assertThat(looked.out()).contains("PENDING", "no node is running", "\"holdfast_export\":1");
    assertThat(changed.code()).as(changed.out()).isEqualTo(ExitCodes.PERMISSION);
  }

  @Test
  void a_queue_in_use_elsewhere_can_be_looked_at_through_a_read_only_mount() throws Exception {
    assumeTrue(
        onReadOnly("true").code() == 0, "this user may not mount in a namespace of their own");
    Cli cli = new Cli(folder);
    try (Holdfast used = cli.open()) {
      used.handle("other", Object.class, (payload, job) -> null);
      used.start();
      JobId id = used.enqueue(NewJob.of("t", "x")).id();

      Ended looked = onReadOnly("holdfast show %1$s && holdfast workers".formatted(id));

      assertThat(looked.code()).as(looked.out()).isZero();
      assertThat(looked.out()).contains("PENDING", "other");
    }
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
