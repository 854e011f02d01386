/**
 * The wire forms, which are the same over HTTP and in {@code --json}. Names are in snake_case,
 * instants in ISO 8601, and missing values are null, never omitted. Those of answers that clients
 * read are records of {@link dev.holdfast.http.wire}; this package has the others, and what reads
 * requests.
 */
@NullMarked
package dev.holdfast.http;

import org.jspecify.annotations.NullMarked;
