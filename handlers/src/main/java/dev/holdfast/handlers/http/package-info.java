/**
 * Jobs of type {@code http}: call a URL, and turn the response into a result or a failure.
 *
 * <p>Start reading at {@link dev.holdfast.handlers.http.HttpHandler}. A {@code HttpCall} is the
 * checked request of a payload; a {@code CallResponse} is the response, and decides the outcome.
 */
@NullMarked
package dev.holdfast.handlers.http;

import org.jspecify.annotations.NullMarked;
