# The whole load balancer in one process, or with demo-backend one backend to try it on.
# Build from the root of the repository: docker build -f deploy/docker/standalone.Dockerfile .
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
RUN dotnet publish silo/OrleansLb.Standalone -c Release -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /data
RUN chown "$APP_UID" /data
COPY --from=build /app /app
USER $APP_UID
VOLUME /data
EXPOSE 8080 8090
ENTRYPOINT ["/app/OrleansLb.Standalone"]
