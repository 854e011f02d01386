package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.process.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** A program of this class path in its own process, so that it can be killed. */
public final class ChildJvm {
  private static final String LISTENING = "listening on ";

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
  public static ChildJvm holdfast(Path folder, Path in, String... arguments) throws IOException {
    return holdfast(folder, in, Map.of(), arguments);
  }

  /** Starts {@code holdfast} with a file as its input, and with variables. */
  public static ChildJvm holdfast(
      Path folder, Path in, Map<String, String> env, String... arguments) throws IOException {
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

  /** Returns the shell command that starts {@code holdfast} with this database. */
  public static String shellCommand(Path database) {
    return "HOLDFAST_DB='"
        + database
        + "' '"
        + String.join("' '", java())
        + "' "
        + Main.class.getName();
  }

  public long pid() {
    return process.pid();
  }

  /** Sends a signal, such as {@code KILL}. */
  public void signal(String name) throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-s", name, Long.toString(pid())).inheritIO().start().waitFor();
  }

  /** Returns whether the process has ended. */
  public boolean hasEnded() {
    return !process.isAlive();
  }

  /** Kills the process and its children if it is still alive. */
  public void killIfAlive() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Waits until the process ends. @return the exit code */
  public int end() throws InterruptedException {
    return process.waitFor();
  }

  /** Waits for a message on standard error. */
  public void awaitMessage(String text) {
    await("it says '" + text + "'", () -> err().contains(text));
  }

  /** Waits for a line of output with this text. @return the whole output */
  String awaitOutput(String text) throws IOException {
    await("it prints '" + text + "'", () -> out().contains(text) && out().endsWith("\n"));
    return out();
  }

  /** Waits until this is a server that listens. @return its address */
  public String awaitServer() throws IOException {
    return awaitOutput(LISTENING)
        .lines()
        .filter(line -> line.startsWith(LISTENING))
        .map(line -> line.substring(LISTENING.length()))
        .findFirst()
        .orElseThrow();
  }

  /** Waits for this number of lines of output. @return the whole output */
  String awaitLines(int count) throws IOException {
    await(
        "it prints " + count + " lines",
        () -> out().lines().count() >= count && out().endsWith("\n"));
    return out();
  }

  private void await(String what, Callable<Boolean> so) {
    Eventually.is(
        what,
        () -> {
          boolean lives = process.isAlive();
          boolean isSo = so.call();
          assertThat(lives || isSo).as("it lives; it said: " + err()).isTrue();
          return isSo;
        });
  }

  /** Returns the standard output so far. */
  public String out() throws IOException {
    return Files.readString(out);
  }

  /** Returns the standard error so far. */
  public String err() throws IOException {
    return Files.readString(err);
  }

  /** Returns the last line of standard error. */
  public String lastLine() throws IOException {
    List<String> lines = Files.readAllLines(err);
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }
}
