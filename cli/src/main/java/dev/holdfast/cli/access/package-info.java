/** {@code holdfast token}: the API tokens of a server. */
@NullMarked
package dev.holdfast.cli.access;

import org.jspecify.annotations.NullMarked;
