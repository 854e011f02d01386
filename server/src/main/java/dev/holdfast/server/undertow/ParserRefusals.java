package dev.holdfast.server.undertow;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSinkConduit;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/**
 * Gives a body to the responses of Undertow's parser. It refuses what is not HTTP with a bare 400,
 * before any handler can answer; no response of ours has the status 400 and no body. So such a
 * response is replaced on its way out, by one that also ends the connection, as the bare one does.
 * Bodies are not mistaken for one: none of ours has a bare CR LF in it.
 */
final class ParserRefusals extends AbstractStreamSinkConduit<StreamSinkConduit> {
  private static final String VERSION = "HTTP/1.";
  private static final String STATUS = " 400 ";
  private static final String UNKNOWN_REASON = "Bad Request";
  private static final String BARE = "\r\ncontent-length: 0\r\n";
  private static final int HEAD_BYTES_MAX = 1 << 10; // bare responses are much shorter
  private static final int READ_BYTES = 16 << 10;
  private static final int UNREAD_BYTES_MAX = 1 << 20;

  private final StreamSourceConduit input;
  private final Function<String, ByteBuffer> responses;
  private @Nullable ByteBuffer underWay;

  private ParserRefusals(StreamConnection connection, Function<String, ByteBuffer> responses) {
    super(connection.getSinkChannel().getConduit());
    this.input = connection.getSourceChannel().getConduit();
    this.responses = responses;
  }

  /**
   * Replaces the bare responses on this connection.
   *
   * @param responses returns the response for the parser's reason, which is empty if it gave none
   */
  static void replace(StreamConnection connection, Function<String, ByteBuffer> responses) {
    connection.getSinkChannel().setConduit(new ParserRefusals(connection, responses));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return replaces(source) ? (int) replacing(new ByteBuffer[] {source}) : super.write(source);
  }

  @Override
  public int writeFinal(ByteBuffer source) throws IOException {
    return replaces(source) ? (int) replacing(new ByteBuffer[] {source}) : super.writeFinal(source);
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
    return length > 0 && replaces(sources[offset])
        ? replacing(part(sources, offset, length))
        : super.write(sources, offset, length);
  }

  @Override
  public long writeFinal(ByteBuffer[] sources, int offset, int length) throws IOException {
    return length > 0 && replaces(sources[offset])
        ? replacing(part(sources, offset, length))
        : super.writeFinal(sources, offset, length);
  }

  private static ByteBuffer[] part(ByteBuffer[] sources, int offset, int length) {
    return Arrays.copyOfRange(sources, offset, offset + length);
  }

  private boolean replaces(ByteBuffer source) {
    if (underWay != null) {
      return true;
    }
    if (!mayBeRefusal(source)) {
      return false;
    }
    String head = head(source);
    boolean isBare =
        head.startsWith(VERSION)
            && head.startsWith(STATUS, VERSION.length() + 1)
            && head.toLowerCase(Locale.ROOT).contains(BARE);
    if (!isBare) {
      return false;
    }
    String reason =
        head.substring(VERSION.length() + 1 + STATUS.length(), head.indexOf('\r')).strip();
    underWay = responses.apply(reason.equals(UNKNOWN_REASON) ? "" : reason);
    return true;
  }

  /** Looks at two bytes, as it is asked with all that is written. */
  private static boolean mayBeRefusal(ByteBuffer source) {
    int status = source.position() + VERSION.length() + 2;
    return source.limit() > status
        && source.get(source.position()) == 'H'
        && source.get(status) == '4';
  }

  private static String head(ByteBuffer source) {
    byte[] bytes = new byte[Math.min(source.remaining(), HEAD_BYTES_MAX)];
    source.duplicate().get(bytes);
    return new String(bytes, ISO_8859_1);
  }

  /** Takes what it replaces as a whole, once all of the replacement is written. */
  private long replacing(ByteBuffer[] sources) throws IOException {
    ByteBuffer response = requireNonNull(underWay);
    while (response.hasRemaining()) {
      if (super.write(response) == 0) {
        return 0;
      }
    }
    readRest();
    long bytes = 0;
    for (ByteBuffer source : sources) {
      bytes += source.remaining();
      source.position(source.limit());
    }
    return bytes;
  }

  /** Reads what has arrived: closed with unread bytes, a connection loses the response. */
  private void readRest() throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(READ_BYTES);
    for (int all = 0; all < UNREAD_BYTES_MAX; all += bytes.position()) {
      bytes.clear();
      if (input.read(bytes) <= 0) {
        return;
      }
    }
  }
}
