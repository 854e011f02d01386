package dev.holdfast.examples.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.testkit.process.Eventually;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** The shop as a process of its own, which ends when this is closed. */
final class ShopProcess implements AutoCloseable {
  private final Process process;
  private final Path log;

  private ShopProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts the shop.
   *
   * @param main its main class
   * @param folder for its log, and for classes of its own in {@code classes}
   */
  static ShopProcess start(Class<?> main, Path folder, String url, String... more)
      throws IOException {
    Path log = folder.resolve("log");
    Path classes = Files.createDirectories(folder.resolve("classes"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                classes + File.pathSeparator + System.getProperty("java.class.path"),
                main.getName(),
                "--server.port=0",
                "--spring.datasource.url=" + url,
                "--spring.datasource.username=postgres",
                "--holdfast.node.lease=3s"));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new ShopProcess(process, log);
  }

  /** Waits; fails with its log if it ends before. */
  void await(String what, Callable<Boolean> so) {
    Eventually.is(
        what,
        () -> {
          assertThat(process.isAlive()).as(() -> what + ":\n" + log()).isTrue();
          return so.call();
        });
  }

  /** The text that it has printed. */
  String log() {
    try {
      return Files.readString(log);
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  /** Kills it. */
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
