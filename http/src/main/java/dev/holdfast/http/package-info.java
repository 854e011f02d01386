/**
 * The wire forms: one for each thing, over HTTP and from {@code --json} alike. Names are in
 * snake_case, instants in ISO 8601, and nothing is left out: what is not there is null.
 */
@NullMarked
package dev.holdfast.http;

import org.jspecify.annotations.NullMarked;
