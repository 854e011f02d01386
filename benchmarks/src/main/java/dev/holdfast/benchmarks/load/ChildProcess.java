package dev.holdfast.benchmarks.load;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A process that communicates in lines: it reports that it is ready, and ends when its input does.
 * Its error output goes to ours.
 */
public final class ChildProcess implements AutoCloseable {
  private static final long END_SECONDS_MAX = 60;

  private final Process process;
  private final BufferedReader output;
  private final BufferedWriter input;

  private ChildProcess(Process process) {
    this.process = process;
    this.output = process.inputReader();
    this.input = process.outputWriter();
  }

  /** Runs the main method of a class in a JVM like this one. */
  public static ChildProcess java(Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    return start(Path.of("."), command);
  }

  /** Runs a program in a folder. */
  public static ChildProcess start(Path folder, List<String> command) throws IOException {
    return new ChildProcess(
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start());
  }

  /** Returns the next line. @throws IOException if the process has ended */
  public String line() throws IOException {
    String line = output.readLine();
    if (line == null) {
      throw new IOException("the process ended early: " + process.info().commandLine());
    }
    return line;
  }

  /** Waits for a line equal to {@code word}. */
  public void await(String word) throws IOException {
    String line = line();
    if (!line.equals(word)) {
      throw new IOException("expected \"%s\", but the process wrote: %s".formatted(word, line));
    }
  }

  /** Sends it a line. */
  public void say(String line) throws IOException {
    input.write(line);
    input.newLine();
    input.flush();
  }

  @Override
  public void close() throws IOException, InterruptedException {
    input.close(); // the signal to end
    if (!process.waitFor(END_SECONDS_MAX, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
