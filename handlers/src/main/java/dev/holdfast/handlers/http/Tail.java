package dev.holdfast.handlers.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a body, as text; invalid characters are replaced.
 *
 * @param text the end
 * @param isCut whether there was more before it
 */
record Tail(String text, boolean isCut) {
  static final int BYTES_MAX = 64 << 10;

  private static final Pattern CHARSET =
      Pattern.compile("charset\\s*=\\s*\"?([^\\s;\"]+)", Pattern.CASE_INSENSITIVE);

  /** Receives a body of any length in bounded memory. */
  static HttpResponse.BodySubscriber<Tail> of(HttpResponse.ResponseInfo answer) {
    return new Subscriber(charset(answer.headers().firstValue("Content-Type").orElse("")));
  }

  private static Charset charset(String contentType) {
    Matcher named = CHARSET.matcher(contentType);
    try {
      return named.find() ? Charset.forName(named.group(1)) : UTF_8;
    } catch (IllegalArgumentException unknown) {
      return UTF_8;
    }
  }

  /** Keeps the last bytes in a ring buffer. Called by one thread at a time. */
  private static final class Subscriber implements HttpResponse.BodySubscriber<Tail> {
    private final CompletableFuture<Tail> whole = new CompletableFuture<>();
    private final Charset charset;
    private final byte[] ring = new byte[BYTES_MAX];
    private long received;

    Subscriber(Charset charset) {
      this.charset = charset;
    }

    @Override
    public CompletionStage<Tail> getBody() {
      return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> parts) {
      parts.forEach(this::receive);
    }

    private void receive(ByteBuffer part) {
      while (part.hasRemaining()) {
        int at = (int) (received % BYTES_MAX);
        int length = Math.min(part.remaining(), BYTES_MAX - at);
        part.get(ring, at, length);
        received += length;
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      whole.complete(new Tail(text(), received > BYTES_MAX));
    }

    private String text() {
      if (received <= BYTES_MAX) {
        return new String(ring, 0, (int) received, charset);
      }
      byte[] bytes = new byte[BYTES_MAX];
      int oldest = (int) (received % BYTES_MAX);
      System.arraycopy(ring, oldest, bytes, 0, BYTES_MAX - oldest);
      System.arraycopy(ring, 0, bytes, BYTES_MAX - oldest, oldest);
      int start = charset.equals(UTF_8) ? restOfCharacter(bytes) : 0;
      return new String(bytes, start, bytes.length - start, charset);
    }

    private static int restOfCharacter(byte[] bytes) {
      int rest = 0;
      while (rest < 3 && (bytes[rest] & 0xC0) == 0x80) {
        rest++;
      }
      return rest;
    }
  }
}
