/**
 * Jobs of type {@code http}: calling a URL, and making a result or a failure of its answer.
 *
 * <p>{@link dev.holdfast.handlers.http.HttpHandler} tells the story. A {@code Call} is what a
 * payload asks for, checked; an {@code Answer} is what came back, and knows what follows from it.
 */
@NullMarked
package dev.holdfast.handlers.http;

import org.jspecify.annotations.NullMarked;
