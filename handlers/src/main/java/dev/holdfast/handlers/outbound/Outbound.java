package dev.holdfast.handlers.outbound;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.TimeSource;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Posts to hosts on the public internet only. A name is resolved once; if any of its addresses is
 * not public, nothing is called; and the connection goes to the very addresses that were checked,
 * so that resolving the name differently a moment later has no effect. Redirects are not followed.
 * Only the head of the response is read. Safe from any thread.
 */
public final class Outbound {
  private static final int HEAD_BYTES_MAX = 16 << 10;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5][0-9]{2})( .*)?");
  private static final int CONTINUE_MAX = 199;
  private static final int INTERIM_MAX = 10;

  private final boolean mayCallLoopback;
  private final Resolver resolver;
  private final SSLSocketFactory tls;
  private final TimeSource time;

  /** Resolves names. */
  @FunctionalInterface
  interface Resolver {
    /**
     * Returns all addresses of a name.
     *
     * @throws UnknownHostException if there are none
     */
    InetAddress[] resolve(String name) throws UnknownHostException;
  }

  /**
   * Uses the resolver and the trusted certificates of this machine.
   *
   * @param mayCallLoopback whether this machine itself may be called as well, for tests
   */
  public Outbound(boolean mayCallLoopback, TimeSource time) {
    this(
        mayCallLoopback,
        InetAddress::getAllByName,
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        time);
  }

  Outbound(boolean mayCallLoopback, Resolver resolver, SSLSocketFactory tls, TimeSource time) {
    this.mayCallLoopback = mayCallLoopback;
    this.resolver = resolver;
    this.tls = tls;
    this.time = time;
  }

  /**
   * The head of a response.
   *
   * @param status three digits
   * @param fields by lower-case name; of several with one name, the last
   */
  public record Answer(int status, Map<String, String> fields) {
    /** Copies the fields. */
    public Answer {
      fields = Map.copyOf(fields);
    }

    /** Returns a field. */
    public Optional<String> field(String name) {
      return Optional.ofNullable(fields.get(name));
    }
  }

  /**
   * Posts a request.
   *
   * @param fields header fields in addition to Host, Content-Length and Connection; without line
   *     breaks
   * @param timeout time limit of everything except resolving the name
   * @param onOpen receives a means to abort the call, from any thread
   * @throws ForbiddenAddressException if the host must not be called; nothing was sent
   * @throws IOException if there was no response in time, or it is not HTTP
   */
  public Answer post(
      Target target,
      Map<String, String> fields,
      byte[] body,
      Duration timeout,
      Consumer<Runnable> onOpen)
      throws IOException {
    List<InetAddress> addresses = checked(target);
    long endTicks = time.ticks() + timeout.toNanos();
    try (Socket plain = connect(addresses, target.port(), endTicks)) {
      onOpen.accept(() -> closeQuietly(plain));
      Socket socket = target.isSecure() ? secured(plain, target, endTicks) : plain;
      socket.getOutputStream().write(request(target, fields, body));
      socket.getOutputStream().flush();
      return answer(socket, endTicks);
    }
  }

  /**
   * Rejects a target that must not be called from here, without resolving its name; resolved
   * addresses are checked with every call.
   *
   * @throws InvalidRequestException if it is an address that is not on the public internet
   */
  public static void check(Target target, boolean mayCallLoopback) {
    boolean isThisMachine =
        target.host().equals("localhost")
            || target.host().endsWith(".localhost")
            || target.literal().filter(InetAddress::isLoopbackAddress).isPresent();
    boolean isOpen =
        isThisMachine
            ? mayCallLoopback
            : target.literal().isEmpty() || Addresses.isOpen(target.literal().get());
    if (!isOpen) {
      throw new InvalidRequestException(
          "%s is not on the public internet: it is never called. Name a host that is%s"
              .formatted(
                  target,
                  isThisMachine ? ", or set server.webhooks.allow_loopback for tests" : ""));
    }
  }

  private List<InetAddress> checked(Target target) throws IOException {
    InetAddress[] addresses =
        target.literal().isPresent()
            ? new InetAddress[] {target.literal().get()}
            : resolver.resolve(target.host());
    for (InetAddress address : addresses) {
      boolean isOpen =
          Addresses.isOpen(address) || (mayCallLoopback && address.isLoopbackAddress());
      if (!isOpen) {
        throw new ForbiddenAddressException(
            "%s resolves to an address that is not on the public internet: it is not called"
                .formatted(target));
      }
    }
    return List.of(addresses);
  }

  private Socket connect(List<InetAddress> addresses, int port, long endTicks) throws IOException {
    IOException first = new IOException("the name has no address");
    for (InetAddress address : addresses) {
      Socket socket = new Socket();
      try {
        socket.connect(new InetSocketAddress(address, port), millisUntil(endTicks));
        return socket;
      } catch (IOException failure) {
        socket.close();
        first = failure;
      }
    }
    throw first;
  }

  /** Starts TLS. The certificate must be valid for the host name in the URL. */
  private Socket secured(Socket plain, Target target, long endTicks) throws IOException {
    plain.setSoTimeout(millisUntil(endTicks));
    SSLSocket socket = (SSLSocket) tls.createSocket(plain, target.host(), target.port(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static byte[] request(Target target, Map<String, String> fields, byte[] body) {
    StringBuilder head = new StringBuilder();
    head.append("POST ").append(target.path()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(target.authority()).append("\r\n");
    new TreeMap<>(fields)
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    head.append("Content-Length: ").append(body.length).append("\r\n");
    head.append("Connection: close\r\n\r\n");
    byte[] start = head.toString().getBytes(ISO_8859_1);
    byte[] whole = new byte[start.length + body.length];
    System.arraycopy(start, 0, whole, 0, start.length);
    System.arraycopy(body, 0, whole, start.length, body.length);
    return whole;
  }

  private Answer answer(Socket socket, long endTicks) throws IOException {
    InputStream in = socket.getInputStream();
    for (int interim = 0; interim < INTERIM_MAX; interim++) {
      Answer answer = parse(head(socket, in, endTicks));
      if (answer.status() > CONTINUE_MAX) {
        return answer;
      }
    }
    throw new IOException("it sends no final response");
  }

  /** Reads byte by byte, so as not to read past the head; heads are short. */
  private String head(Socket socket, InputStream in, long endTicks) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int lineBreaks = 0;
    while (lineBreaks < 2) {
      socket.setSoTimeout(millisUntil(endTicks));
      int next = in.read();
      if (next < 0) {
        throw new EOFException("it closed the connection without a response");
      }
      if (head.size() >= HEAD_BYTES_MAX) {
        throw new IOException(
            "the head of its response is larger than %,d bytes".formatted(HEAD_BYTES_MAX));
      }
      head.write(next);
      if (next == '\n') {
        lineBreaks++;
      } else if (next != '\r') {
        lineBreaks = 0;
      }
    }
    return head.toString(ISO_8859_1);
  }

  private static Answer parse(String head) throws IOException {
    List<String> lines = head.lines().toList();
    Matcher status = STATUS.matcher(lines.get(0));
    if (!status.matches()) {
      throw new IOException("its response is not HTTP/1.1");
    }
    Map<String, String> fields = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        fields.put(
            line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    return new Answer(Integer.parseInt(status.group(1)), fields);
  }

  private int millisUntil(long endTicks) throws SocketTimeoutException {
    long millis = Duration.ofNanos(endTicks - time.ticks()).toMillis();
    if (millis < 1) {
      throw new SocketTimeoutException("it did not respond in time");
    }
    return (int) Math.min(millis, Integer.MAX_VALUE);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // it is closed anyway
    }
  }
}
