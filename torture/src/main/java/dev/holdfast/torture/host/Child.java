package dev.holdfast.torture.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of this class path in a process of its own, so that real signals can hit it. */
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
   * @param folder where {@code name.out} and {@code name.err} are written
   * @param name for people and for files
   * @param wrapper a command that is put in front of java's, or nothing
   * @param main the program
   * @param arguments what it is given
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

  /** Few threads and a quick start: many of these are started, and few live long. */
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

  /** Ends this process when the one that started it has ended, however that happened. */
  public static void endWithParent() {
    ProcessHandle.current().parent().ifPresent(Child::endWith);
  }

  private static void endWith(ProcessHandle parent) {
    var unused = parent.onExit().thenRun(() -> Runtime.getRuntime().halt(1));
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Its process id. */
  public long pid() {
    return process.pid();
  }

  /** Whether it has said on its standard output that it is ready, or anything else. */
  public boolean isReady() {
    try {
      return Files.size(out) > 0;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** Whether it lives; a stopped one does. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The exit code; only when it has ended. */
  public int exitCode() {
    return process.exitValue();
  }

  /** Sends SIGKILL, also to what a wrapper has started. */
  public void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Sends SIGTERM; where a wrapper has started the program, to that alone. */
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

  /** Waits for its end, and kills it when it takes too long. @return whether it ended by itself */
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
