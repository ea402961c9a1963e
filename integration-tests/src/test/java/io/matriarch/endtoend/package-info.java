/** The lessons of the course, taken on real servers: clusters of the built distribution. */
package io.matriarch.endtoend;
