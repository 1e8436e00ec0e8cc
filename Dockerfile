# One image for every part; docker-compose.yml says which part a container runs. Run as it is, it is the one
# process on embedded storage:
#   docker build -t selfsame .
#   docker run --stop-timeout 20 -p 127.0.0.1:4000:4000 -v selfsame:/data selfsame
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN npm run build && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
ENV HOST=0.0.0.0 DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/schema ./schema
COPY --from=build /app/supergraph.yaml ./
COPY --from=build /app/dist ./dist
COPY --from=build /app/scripts/run.sh ./scripts/run.sh
# The code belongs to root, the data to who runs it.
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data
EXPOSE 4000
CMD ["sh", "scripts/run.sh", "dist/gateway/main.js"]
