package dev.holdfast.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.http.Json;
import dev.holdfast.testkit.process.Pipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A worker in its own process, whose jobs run until they are ended or it is killed. */
public final class WorkerProcess implements AutoCloseable {
  private final Path folder;
  private final Pipe pipe;
  private final ChildJvm worker;
  private final List<Long> commands = new ArrayList<>();

  private WorkerProcess(Path folder, Pipe pipe, ChildJvm worker) {
    this.folder = folder;
    this.pipe = pipe;
    this.worker = worker;
  }

  /** Starts a worker with this number of slots. */
  public static WorkerProcess start(Path folder, String name, int slots) throws Exception {
    Files.deleteIfExists(folder.resolve("pipe"));
    Pipe pipe = Pipe.in(folder);
    ChildJvm worker =
        ChildJvm.holdfast(
            folder,
            Path.of("/dev/null"),
            "work",
            "--name",
            name,
            "-j",
            Integer.toString(slots),
            "--grace",
            "0s");
    return new WorkerProcess(folder, pipe, worker);
  }

  /** Enqueues a long job, and waits until it runs. @return its id */
  public String run(Cli cli) throws IOException {
    String id = enqueue(cli);
    awaitBegin();
    return id;
  }

  /** Enqueues a long job. @return its id */
  String enqueue(Cli cli) {
    String payload = payload("echo $$ > pipe; exec sleep 1000");
    Cli.Result result = cli.run("enqueue", "--type", "exec", "--payload", payload);
    assertThat(result.code()).as(result.err()).isZero();
    return result.line();
  }

  /** Waits until the next job runs. */
  void awaitBegin() throws IOException {
    commands.add(pipe.number());
  }

  /** Ends the commands of its jobs, so that their attempts fail. */
  void endCommands() {
    commands.forEach(
        command -> ProcessHandle.of(command).ifPresent(ProcessHandle::destroyForcibly));
  }

  private String payload(String script) {
    return Json.write(Map.of("argv", List.of("sh", "-c", script), "cwd", folder.toString()));
  }

  public long pid() {
    return worker.pid();
  }

  /** Waits until its process has ended. */
  int exitCode() throws InterruptedException {
    return worker.end();
  }

  /** Suspends its process. */
  void freeze() throws Exception {
    worker.signal("STOP");
  }

  /** Kills its process. */
  public void kill() throws Exception {
    worker.signal("KILL");
    worker.end();
  }

  /** Ends the process and its children. */
  @Override
  public void close() throws IOException {
    worker.killIfAlive();
    endCommands();
    pipe.close();
  }
}
