package dev.holdfast.testkit.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * A named pipe through which shell scripts tell a test where they are, line by line, so that it
 * need not look again and again.
 */
public final class Pipe implements AutoCloseable {
  private final Path path;
  private final RandomAccessFile content;

  private Pipe(Path path, RandomAccessFile content) {
    this.path = path;
    this.content = content;
  }

  /** A new one in {@code folder}, by the name of {@code pipe}. */
  public static Pipe in(Path folder) throws IOException, InterruptedException {
    return at(folder.resolve("pipe"));
  }

  /** A new one. */
  public static Pipe at(Path path) throws IOException, InterruptedException {
    if (new ProcessBuilder("mkfifo", path.toString()).inheritIO().start().waitFor() != 0) {
      throw new IOException("mkfifo failed");
    }
    return new Pipe(path, new RandomAccessFile(path.toFile(), "rw")); // so that it never ends
  }

  /** Its path, for scripts. */
  public String path() {
    return path.toString();
  }

  /** The next line; waits for it. */
  public String line() throws IOException {
    return content.readLine();
  }

  /** The next line, as a number. */
  public long number() throws IOException {
    return Long.parseLong(line().strip());
  }

  /** Writes a line, so that nobody waits for one that will never come. */
  public void write(String line) throws IOException {
    content.write((line + "\n").getBytes(UTF_8));
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
