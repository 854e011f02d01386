package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.cli.Cli.Result;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerConfig;
import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code top} in a pseudo-terminal, which {@code script} of util-linux provides. */
@Tag("R-77")
final class TopProcessTest {
  private static final String ALTERNATE_SCREEN = "\u001b[?1049h";
  private static final String ORDINARY_SCREEN = "\u001b[?1049l";

  @TempDir private Path folder;
  private Path out;
  private @Nullable Process process;

  @BeforeEach
  void enqueue() throws IOException, InterruptedException {
    assumeTrue(
        new ProcessBuilder("sh", "-c", "command -v script").start().waitFor() == 0,
        "script is not installed");
    new Cli(folder).run("enqueue", "--type", "t", "--queue", "letters");
    out = folder.resolve("screen");
  }

  @AfterEach
  void kill() {
    if (process != null) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** Starts {@code top} in a shell on a terminal, and then prints how it ended. */
  private void start(String options) throws IOException {
    start(options, Map.of());
  }

  private void start(String options, Map<String, String> env) throws IOException {
    String script =
        "stty rows 24 cols 80; %s top %s; code=$?; echo; stty -a | grep -wo -e '-*icanon' -e '-*echo'; echo ended with $code"
            .formatted(ChildJvm.shellCommand(folder.resolve("jobs.db")), options);
    Path file = Files.writeString(folder.resolve("script"), script);
    ProcessBuilder builder =
        new ProcessBuilder("script", "-qfec", "sh " + file, "/dev/null")
            .redirectErrorStream(true)
            .redirectOutput(out.toFile());
    builder.environment().putAll(env);
    builder.environment().put("TERM", "xterm");
    builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    process = builder.start();
  }

  private void press(String keys) throws IOException {
    OutputStream in = requireNonNull(process).getOutputStream();
    in.write(keys.getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  private void awaitScreen(String text) {
    Eventually.is("the screen shows '" + text + "'", () -> screen().contains(text));
  }

  private String screen() throws IOException {
    return Files.readString(out);
  }

  private void assertRestored(int code) throws Exception {
    Eventually.is("it has ended", () -> !requireNonNull(process).isAlive());
    assertThat(screen()).containsSubsequence(ALTERNATE_SCREEN, ORDINARY_SCREEN);
    assertThat(screen().substring(screen().indexOf(ORDINARY_SCREEN)).lines().map(String::strip))
        .contains("icanon", "echo", "ended with " + code);
  }

  @Test
  void restores_the_terminal_when_it_is_told_to_quit() throws Exception {
    start("");
    awaitScreen("letters");

    press("p");
    awaitScreen("pause queue 'letters'?");
    press("y");
    awaitScreen("is paused");
    press("q");

    assertRestored(0);
    assertThat(new Cli(folder).run("queues", "--json").json().get("paused").isNull()).isFalse();
  }

  @Test
  void restores_the_terminal_on_ctrl_c() throws Exception {
    start("");
    awaitScreen("letters");

    press("\u0003");

    assertRestored(0);
  }

  @Test
  void restores_the_terminal_on_a_signal() throws Exception {
    start("");
    awaitScreen("letters");

    requireNonNull(process)
        .descendants()
        .filter(child -> child.info().command().orElse("").endsWith("java"))
        .forEach(ProcessHandle::destroy);

    assertRestored(143);
  }

  @Test
  void restores_the_terminal_when_it_fails() throws Exception {
    Cli cli = new Cli(folder);
    String secret = cli.run("token", "create", "ada", "--role", "viewer").line();
    try (Holdfast holdfast = cli.open();
        Server server = Server.start(holdfast, ServerConfig.defaults().port(0))) {
      start("--interval 100ms -d " + server.uri(), Map.of("HOLDFAST_API_TOKEN", secret));
      awaitScreen("letters");

      cli.run("token", "revoke", "ada");

      assertRestored(ExitCodes.PERMISSION);
    }
  }

  @Test
  void prints_one_frame_for_scripts_of_a_file_and_of_a_server() {
    Cli cli = new Cli(folder);
    Result near = cli.run("top", "--once");

    assertThat(near.code()).as(near.err()).isZero();
    assertThat(near.out()).contains("letters", "RUNNING", "WARNING").doesNotContain("\u001b");

    try (Holdfast holdfast = cli.open();
        Server server = Server.start(holdfast, ServerConfig.defaults().port(0))) {
      holdfast.enqueue(NewJob.of("t", 1).on("more"));
      Result far = cli.env("HOLDFAST_DB", server.uri().toString()).run("top", "--once");
      assertThat(far.out()).contains("letters", "more");
    }
  }

  @Test
  void is_refused_without_a_terminal() {
    Result refused = new Cli(folder).run("top");

    assertThat(refused.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(refused.err()).contains("top needs a terminal");
  }
}
