package dev.holdfast.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.Cli;
import dev.holdfast.server.Server;
import dev.holdfast.server.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The frames of {@code --watch}. */
@Tag("R-77")
final class WatchTest {
  @TempDir Path folder;
  private Cli cli;

  @BeforeEach
  void enqueue() {
    cli = new Cli(folder).env("NO_COLOR", "1");
    cli.run("enqueue", "--type", "t");
  }

  /** An output whose reader goes away after so many frames. */
  private static class Reader extends ByteArrayOutputStream {
    private int framesLeft;

    private Reader(int frames) {
      framesLeft = frames;
    }

    @Override
    public void flush() throws IOException {
      if (--framesLeft < 0) {
        throw new IOException("Broken pipe");
      }
    }
  }

  private String watched(int frames, String... command) {
    Reader reader = new Reader(frames - 1);
    Cli.Result result = cli.run(reader, new ByteArrayOutputStream(), command);
    assertThat(result.code()).as(result.err()).isEqualTo(ExitCodes.PIPE_CLOSED);
    return reader.toString(UTF_8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "status", "metrics", "queues", "failures"})
  void follow_each_other_with_a_blank_line_between_them_where_nobody_watches(String command) {
    String one = cli.run(command).lines().get(0);

    List<String> lines = watched(3, command, "--watch=100ms").lines().toList();

    assertThat(lines).filteredOn(one::equals).hasSize(3);
    assertThat(lines.get(lines.lastIndexOf(one) - 1)).isEmpty();
  }

  @Test
  void replace_each_other_on_a_terminal() {
    cli.terminal(80);

    String screen = watched(2, "queues", "--watch", "100ms");

    assertThat(screen).startsWith("\u001b[H\u001b[2J").contains("every 0.1s, Ctrl-C ends");
    assertThat(screen.split("\u001b\\[H", -1)).hasSize(3);
    assertThat(screen).contains("default").endsWith("\u001b[J\u001b[?7h");
  }

  @Test
  void are_not_longer_than_the_terminal() {
    cli.terminal(80);
    for (int i = 0; i < 40; i++) {
      cli.run("enqueue", "--type", "t");
    }

    String screen = watched(1, "list", "--watch=100ms");

    assertThat(screen.lines()).hasSize(24);
    assertThat(screen).contains("… 21 more lines");
  }

  @Test
  void are_lines_of_JSON_where_a_frame_is_one_object() {
    List<String> lines = watched(2, "status", "--json", "--watch=100ms").lines().toList();

    assertThat(lines).hasSize(2).allMatch(line -> line.startsWith("{"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "workers", "queues"})
  void cannot_be_JSON_where_a_frame_is_many_objects(String command) {
    Cli.Result refused = cli.run(command, "--json", "--watch");

    assertThat(refused.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(refused.err()).contains("--watch and --json");
  }

  /** The reader of the first frame closes the server, and that of the report starts it again. */
  @Test
  void go_on_when_an_outage_of_the_server_is_over() {
    try (Holdfast holdfast = cli.open()) {
      AtomicReference<Server> server = new AtomicReference<>(started(holdfast, 0));
      int port = requireNonNull(server.get()).uri().getPort();
      cli.env("HOLDFAST_DB", requireNonNull(server.get()).uri().toString());
      Reader out =
          new Reader(1) {
            @Override
            public void flush() throws IOException {
              requireNonNull(server.get()).close();
              super.flush();
            }
          };
      ByteArrayOutputStream err =
          new ByteArrayOutputStream() {
            @Override
            public void flush() {
              server.set(started(holdfast, port));
            }
          };

      Cli.Result result = cli.run(out, err, "queues", "--watch=100ms");
      requireNonNull(server.get()).close();

      assertThat(result.out().split("\n\n", -1)).as("frames").hasSize(2);
      assertThat(result.err().lines()).hasSize(1);
      assertThat(result.err()).contains("cannot be reached", "; trying again");
    }
  }

  private static Server started(Holdfast holdfast, int port) {
    return Server.start(holdfast, ServerConfig.defaults().port(port));
  }

  @Test
  void do_not_come_in_a_loop_without_a_pause() {
    Cli.Result refused = cli.run("status", "--watch=1ms");

    assertThat(refused.code()).isEqualTo(ExitCodes.USAGE);
    assertThat(refused.err()).contains("at least 100ms, was 1ms");
  }
}
