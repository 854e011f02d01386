package dev.holdfast.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A connection that can send anything, well-formed or not. */
final class Wire implements AutoCloseable {
  private static final int SILENCE_MILLIS_MAX = 60_000; // a server that is silent for longer hangs

  private static final int END_OF_HEAD = 0x0d0a0d0a;

  private final Socket socket;

  Wire(URI server) throws IOException {
    this.socket = new Socket(server.getHost(), server.getPort());
    socket.setSoTimeout(SILENCE_MILLIS_MAX);
    socket.setTcpNoDelay(true);
  }

  /**
   * A response.
   *
   * @param head its status line and headers
   * @param body without the framing of chunks
   */
  record Reply(String head, String body) {
    int status() {
      return Integer.parseInt(head.substring(9, 12));
    }

    Optional<String> header(String name) {
      for (String line : head.split("\r\n", -1)) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":")) {
          return Optional.of(line.substring(name.length() + 1).strip());
        }
      }
      return Optional.empty();
    }

    boolean isProblem() {
      return header("Content-Type").equals(Optional.of("application/problem+json"));
    }
  }

  /** Sends the bytes that the other side still accepts. */
  void send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (IOException closed) {
      // the server reads no more; its response is read later
    }
  }

  void send(String text) {
    send(text.getBytes(ISO_8859_1));
  }

  /** Closes the sending side. */
  void end() {
    try {
      socket.shutdownOutput();
    } catch (IOException closed) {
      // the server has closed it already
    }
  }

  /** Returns whether something has arrived. */
  boolean hasHeard() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  /** Returns everything that arrives until the server closes the connection. */
  String everything() throws IOException {
    try {
      return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
    } catch (SocketException reset) {
      return "";
    }
  }

  /** Returns whether the next response is 100 Continue. */
  boolean mayGoOn() throws IOException {
    return line(socket.getInputStream()).startsWith("HTTP/1.1 100")
        && line(socket.getInputStream()).isEmpty();
  }

  /** Returns all responses until the server closes the connection, or begins a stream. */
  List<Reply> replies() throws IOException {
    List<Reply> replies = new ArrayList<>();
    for (Optional<Reply> reply = reply(); reply.isPresent(); reply = reply()) {
      replies.add(reply.get());
      if (reply.get().header("Content-Type").equals(Optional.of("text/event-stream"))) {
        break;
      }
    }
    return replies;
  }

  /**
   * Returns the next response; empty if the connection was closed instead.
   *
   * @throws SocketTimeoutException if the server hangs
   */
  Optional<Reply> reply() throws IOException {
    try {
      return read(socket.getInputStream());
    } catch (SocketException reset) {
      return Optional.empty();
    }
  }

  private static Optional<Reply> read(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    while (last != END_OF_HEAD) {
      int next = in.read();
      if (next < 0) {
        return Optional.empty();
      }
      head.write(next);
      last = last << 8 | next;
    }
    Reply reply = new Reply(head.toString(ISO_8859_1), "");
    if (reply.status() == 100) {
      return read(in);
    }
    Optional<String> length = reply.header("Content-Length");
    if (length.isPresent()) {
      return Optional.of(body(reply, in.readNBytes(Integer.parseInt(length.get()))));
    }
    boolean isChunked = reply.header("Transfer-Encoding").isPresent();
    boolean isStream = reply.header("Content-Type").equals(Optional.of("text/event-stream"));
    return Optional.of(isChunked && !isStream ? body(reply, chunks(in)) : reply);
  }

  private static Reply body(Reply reply, byte[] bytes) {
    return new Reply(reply.head(), new String(bytes, UTF_8));
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int size = Integer.parseInt(line(in), 16); size > 0; ) {
      all.writeBytes(in.readNBytes(size));
      line(in);
      size = Integer.parseInt(line(in), 16);
    }
    line(in);
    return all.toByteArray();
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString().strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
