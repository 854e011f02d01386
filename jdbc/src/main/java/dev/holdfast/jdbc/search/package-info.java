/** Reads jobs: one by one, and by search along an index. */
@NullMarked
package dev.holdfast.jdbc.search;

import org.jspecify.annotations.NullMarked;
