package dev.holdfast.torture.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this class path in its own process, so that it can receive real signals. */
public final class Child {
  private final String name;
  private final Process process;
  private final Path out;

  private Child(String name, Process process, Path out) {
    this.name = name;
    this.process = process;
    this.out = out;
  }

  /**
   * Starts a main method.
   *
   * @param folder the folder for {@code name.out} and {@code name.err}
   * @param name its name, for people and files
   * @param wrapper a command in front of {@code java}, or nothing
   * @param main the program
   * @param arguments its arguments
   */
  public static Child start(
      Path folder, String name, List<String> wrapper, Class<?> main, List<String> arguments) {
    List<String> line = new ArrayList<>(wrapper);
    line.addAll(java());
    line.add(main.getName());
    line.addAll(arguments);
    Path out = folder.resolve(name + ".out");
    try {
      Process process =
          new ProcessBuilder(line)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(out.toFile())
              .redirectError(folder.resolve(name + ".err").toFile())
              .start();
      return new Child(name, process, out);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /**
   * Returns the Java command, with few threads and a quick start, as many short-lived processes are
   * started.
   */
  private static List<String> java() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-XX:-UsePerfData",
        "-Dslf4j.internal.verbosity=ERROR",
        "-cp",
        System.getProperty("java.class.path"));
  }

  /** Ends this process when its parent has ended for any reason. */
  public static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(Child::endWith);
  }

  private static void endWith(ProcessHandle parent) {
    var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
  }

  /** Returns its name. */
  public String name() {
    return name;
  }

  /** Returns its process id. */
  public long pid() {
    return process.pid();
  }

  /** Returns whether it has written anything, such as that it is ready, to its standard output. */
  public boolean isReady() {
    try {
      return Files.size(out) > 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Returns whether it is alive; a suspended one is. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Returns the exit code; only after it has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Sends SIGKILL, also to children of a wrapper. */
  public void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Sends SIGTERM; with a wrapper, only to the program. */
  public void terminate() {
    List<ProcessHandle> wrapped = process.descendants().toList();
    wrapped.forEach(ProcessHandle::destroy);
    if (wrapped.isEmpty()) {
      process.destroy();
    }
  }

  /** Sends another signal, such as {@code STOP}. */
  public void signal(String signal) {
    try {
      new ProcessBuilder("kill", "-s", signal, Long.toString(pid())).start().waitFor();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException told) {
      throw new IllegalStateException("the run was interrupted", told);
    }
  }

  /** Waits until it ends, and kills it after a timeout. @return whether it ended by itself */
  public boolean end(long seconds) {
    try {
      if (process.waitFor(seconds, TimeUnit.SECONDS)) {
        return true;
      }
      process.destroyForcibly().waitFor();
      return false;
    } catch (InterruptedException told) {
      process.destroyForcibly();
      throw new IllegalStateException("the run was interrupted", told);
    }
  }
}
