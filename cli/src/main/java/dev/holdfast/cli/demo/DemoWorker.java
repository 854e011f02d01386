package dev.holdfast.cli.demo;

import dev.holdfast.cli.terminal.Threads;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A worker process of the demo, to which signals can be sent. */
final class DemoWorker implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 60;

  private final String name;
  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

  private DemoWorker(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  /**
   * Starts a worker and waits until it is ready.
   *
   * @param program the Java command and the class path that this process runs with
   */
  static DemoWorker start(String name, List<String> program, Path database, Path log)
      throws IOException, InterruptedException {
    List<String> command =
        Stream.concat(
                program.stream(),
                Stream.of("demo", "worker", "--name", name, "-d", database.toString()))
            .toList();
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(Redirect.appendTo(log.toFile()));
    builder.environment().put("LOG_LEVEL", "INFO");
    DemoWorker worker = new DemoWorker(name, builder.start());
    Threads.start("demo-" + name, worker::readLines);
    worker.awaitLine("started");
    return worker;
  }

  private void readLines() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException | UncheckedIOException ended) {
      // with its process
    }
  }

  /** Waits for a line with this prefix. */
  void awaitLine(String start) throws InterruptedException {
    String line;
    do {
      line = lines.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new DemoFailedException("worker '%s' did not say '%s'".formatted(name, start));
      }
    } while (!line.startsWith(start));
  }

  String name() {
    return name;
  }

  long pid() {
    return process.pid();
  }

  /** Sends a signal, by the system's own command. */
  void signal(String signal) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start();
    if (kill.waitFor() != 0) {
      throw new DemoFailedException(
          "signal %s could not be sent to process %d".formatted(signal, pid()));
    }
  }

  void awaitEnd() throws InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new DemoFailedException("worker '%s' did not end".formatted(name));
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
