# The product as one image: `serve` (what it does by itself), `migrate`, `probe`, and the other commands of the host.

FROM node:22.21.1-bookworm-slim AS web
WORKDIR /src/src/Web
COPY src/Web/package.json src/Web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY src/Web ./
# Into ../Host/wwwroot, as its vite.config.ts says.
RUN npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src src
COPY --from=web /src/src/Host/wwwroot src/Host/wwwroot
# What /version tells; the context has no .git.
ARG COMMIT=""
RUN dotnet publish src/Host/Host.csproj --configuration Release --output /app -p:RestoreLockedMode=true -p:SourceRevisionId=${COMMIT}

# No shell and no package manager. Invariant globalization, so it needs no ICU either.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
ARG COMMIT=""
LABEL org.opencontainers.image.title="Modular" \
      org.opencontainers.image.description="Live questions and answers for events" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.revision="${COMMIT}"
WORKDIR /app
# Owned by root: the process may not change its own program.
COPY --from=build /app ./
ENV ASPNETCORE_HTTP_PORTS=8080
EXPOSE 8080
# No name, only a number that no user of the machine has; it writes to /tmp and nowhere else.
USER 10001:10001
STOPSIGNAL SIGTERM
ENTRYPOINT ["./host"]
CMD ["serve"]
