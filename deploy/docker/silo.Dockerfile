# A silo. Mount the configuration and name it with --config; 8090 answers for the process, 11111 and 30000 belong in a trusted network.
# Build from the root of the repository: docker build -f deploy/docker/silo.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish silo/OrleansLb.Silo -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /data
RUN chown "$APP_UID" /data
COPY --from=build /app /app
USER $APP_UID
VOLUME /data
EXPOSE 8090 11111 30000
ENTRYPOINT ["/app/OrleansLb.Silo"]
