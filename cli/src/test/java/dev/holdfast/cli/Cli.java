package dev.holdfast.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Display;
import dev.holdfast.http.Json;
import dev.holdfast.spi.SystemTime;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The program, in this process, with a database in a folder of the test. */
public final class Cli {
  private final Path folder;
  private final Map<String, String> env = new HashMap<>();
  private InputStream in = InputStream.nullInputStream();
  private Display display = Display.none();

  public Cli(Path folder) {
    this.folder = folder;
    env.put("HOLDFAST_DB", db().toString());
    env.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
  }

  public Path db() {
    return folder.resolve("jobs.db");
  }

  public Holdfast open() {
    return Holdfast.open(db().toString());
  }

  /** Sets an environment variable; null removes it. */
  public Cli env(String name, @Nullable String value) {
    if (value == null) {
      env.remove(name);
    } else {
      env.put(name, value);
    }
    return this;
  }

  /** Sets the width of the terminal to which the next commands write. */
  public Cli terminal(int columns) {
    display = Display.terminal(env, () -> new Display.Size(columns, 24));
    return this;
  }

  /** Sets the input for the next command. */
  public Cli input(String text) {
    return input(new ByteArrayInputStream(text.getBytes(UTF_8)));
  }

  public Cli input(InputStream newIn) {
    in = newIn;
    return this;
  }

  public Result run(String... args) {
    return run(new ByteArrayOutputStream(), new ByteArrayOutputStream(), args);
  }

  /** Runs a command that writes to these. */
  public Result run(ByteArrayOutputStream out, ByteArrayOutputStream err, String... args) {
    Console console = new Console(env, in, out, err, false, display, new SystemTime());
    in = InputStream.nullInputStream();
    int code =
        Main.run(
            console,
            exitCode -> {
              throw new AssertionError("halted with " + exitCode);
            },
            args);
    return new Result(code, out.toString(UTF_8), err.toString(UTF_8));
  }

  /**
   * The result of a command.
   *
   * @param code its exit code
   * @param out its standard output
   * @param err its standard error
   */
  public record Result(int code, String out, String err) {
    public List<String> lines() {
      return out.lines().toList();
    }

    public String line() {
      return out.strip();
    }

    public JsonNode json() {
      return Json.read("the output", out);
    }

    public String lastMessage() {
      List<String> messages = err.lines().toList();
      return messages.isEmpty() ? "" : messages.get(messages.size() - 1);
    }
  }
}
