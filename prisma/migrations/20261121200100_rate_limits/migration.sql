-- CreateTable
CREATE UNLOGGED TABLE "rate_uses" (
    "key" TEXT NOT NULL,
    "points" INTEGER NOT NULL,
    "expire" BIGINT,

    CONSTRAINT "rate_uses_pkey" PRIMARY KEY ("key")
);
