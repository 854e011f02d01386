package dev.holdfast.spi;

/** Converts payloads and results to JSON text and back. Thread-safe. */
public interface PayloadCodec {

  /**
   * Writes {@code value} as JSON.
   *
   * @throws dev.holdfast.error.InvalidRequestException if it cannot be written
   */
  String encode(Object value);

  /**
   * Reads JSON.
   *
   * @throws dev.holdfast.error.InvalidRequestException if {@code json} does not fit {@code type}
   */
  <T> T decode(String json, Class<T> type);
}
