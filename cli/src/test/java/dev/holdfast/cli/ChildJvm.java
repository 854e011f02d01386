package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A program of this class path in a process of its own, so that it can be killed. */
public final class ChildJvm {
  private static final AtomicInteger STARTED = new AtomicInteger();

  private final Process process;
  private final Path out;
  private final Path err;

  private ChildJvm(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Starts the main method of a class; arguments that begin with -X are the JVM's. */
  public static ChildJvm start(Path folder, Class<?> main, String... arguments) throws IOException {
    return start(folder, Path.of("/dev/null"), Map.of(), main, List.of(arguments));
  }

  /** Starts {@code holdfast} with a file as its input. */
  static ChildJvm holdfast(Path folder, Path in, String... arguments) throws IOException {
    return holdfast(folder, in, Map.of(), arguments);
  }

  /** Starts {@code holdfast} with a file as its input, and with variables. */
  static ChildJvm holdfast(Path folder, Path in, Map<String, String> env, String... arguments)
      throws IOException {
    return start(folder, in, env, Main.class, List.of(arguments));
  }

  private static ChildJvm start(
      Path folder, Path in, Map<String, String> env, Class<?> main, List<String> arguments)
      throws IOException {
    // A shell in the background ignores SIGINT, and so would all that is started from it.
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT,TERM,HUP"));
    line.addAll(java());
    arguments.stream().filter(argument -> argument.startsWith("-X")).forEach(line::add);
    line.add(main.getName());
    arguments.stream().filter(argument -> !argument.startsWith("-X")).forEach(line::add);
    int number = STARTED.incrementAndGet();
    Path out = folder.resolve("child" + number + ".out");
    Path err = folder.resolve("child" + number + ".err");
    ProcessBuilder builder =
        new ProcessBuilder(line)
            .directory(folder.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().put("HOLDFAST_DB", folder.resolve("jobs.db").toString());
    builder.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    builder.environment().putAll(env);
    return new ChildJvm(builder.start(), out, err);
  }

  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"));
  }

  /** How a shell starts {@code holdfast} with this database. */
  static String shellCommand(Path database) {
    return "HOLDFAST_DB='"
        + database
        + "' '"
        + String.join("' '", java())
        + "' "
        + Main.class.getName();
  }

  long pid() {
    return process.pid();
  }

  /** Sends a signal, such as {@code KILL}. */
  void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  /** Ends it with all that it started, if it still lives. */
  void killIfAlive() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Waits for its end. @return the exit code */
  public int end() throws InterruptedException {
    return process.waitFor();
  }

  /** Waits until it has said something. */
  void awaitMessage(String text) throws IOException {
    while (!err().contains(text)) {
      assertThat(process.isAlive()).as("it lives; it said: " + err()).isTrue();
      Thread.onSpinWait();
    }
  }

  /** Waits until it has printed a line with this. @return all that it has printed */
  String awaitOutput(String text) throws IOException {
    while (!out().contains(text) || !out().endsWith("\n")) {
      assertThat(process.isAlive()).as("it lives; it said: " + err()).isTrue();
      Thread.onSpinWait();
    }
    return out();
  }

  /** Waits until it has printed so many lines. @return all that it has printed */
  String awaitLines(int count) throws IOException {
    while (out().lines().count() < count || !out().endsWith("\n")) {
      assertThat(process.isAlive()).as("it lives; it said: " + err()).isTrue();
      Thread.onSpinWait();
    }
    return out();
  }

  /** What it has printed. */
  public String out() throws IOException {
    return Files.readString(out);
  }

  /** What it has said. */
  public String err() throws IOException {
    return Files.readString(err);
  }

  /** The last line of what it has said. */
  String lastLine() throws IOException {
    List<String> lines = Files.readAllLines(err);
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }
}
