package dev.holdfast.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A named pipe through which shell scripts report their position to a test, line by line, so that
 * it need not poll.
 */
public final class Pipe implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile content;

  private Pipe(Path path, RandomAccessFile content) {
    this.path = path;
    this.content = content;
  }

  /** Creates a pipe in {@code folder}, named {@code pipe}. */
  public static Pipe in(Path folder) throws IOException, InterruptedException {
    return at(folder.resolve("pipe"));
  }

  /** Creates a pipe. */
  public static Pipe at(Path path) throws IOException, InterruptedException {
    if (new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor() != 0) {
      throw new IOException("mkfifo failed");
    }
    return new Pipe(path, new RandomAccessFile(path.toFile(), "rw")); // so that it never ends
  }

  /** Returns its path, for scripts. */
  public String path() {
    return path.toString();
  }

  /** Waits for the next line and returns it. */
  public String line() throws IOException {
    return content.readLine();
  }

  /** Waits for the next line and returns it as a number. */
  public long number() throws IOException {
    return Long.parseLong(line().strip());
  }

  /** Writes a line, so that no reader waits for one that will never come. */
  public void write(String line) throws IOException {
    content.write((line + "\n").getBytes(UTF_8));
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
